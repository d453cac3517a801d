"""Names for a model's weights that do not depend on what else was built in the same process."""

import re


def weight_paths(model) -> dict:
    """`{path: variable}` of a built model or layer, in the order of `model.weights`; empty if it is not built.

    Keras numbers the layers that got no name by a counter of the whole process: `dense_7/kernel` in one notebook is
    `dense_2/kernel` in another. Here the number says which one it is among its neighbours of that kind, in the
    model's own order: `dense/kernel`, `dense_1/kernel`. The model's own name, in front, is left out.
    """
    weights = list(model.weights)
    parts = [weight.path.split("/") for weight in weights]
    if all(len(each) > 1 and each[0] == model.name for each in parts):
        parts = [each[1:] for each in parts]
    ranks: dict[tuple, dict[str, int]] = {}
    found = {}
    for weight, names in zip(weights, parts, strict=True):
        path = ""
        for name in names:
            stem = re.sub(r"_\d+$", "", name)
            seen = ranks.setdefault((path, stem), {})
            rank = seen.setdefault(name, len(seen))
            path += f"/{stem}_{rank}" if rank else f"/{stem}"
        found[_free(path[1:], found)] = weight
    return found


def _free(path, taken):
    """A layer may give two of its own the same name: the second gets a number all the same."""
    again, made = 2, path
    while made in taken:
        made, again = f"{path}#{again}", again + 1
    return made
