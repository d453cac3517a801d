"""One module a data set, each with a `load` function."""
