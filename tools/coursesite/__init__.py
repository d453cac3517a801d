"""The course as a site: executed notebooks, documents and the package's reference, by Sphinx and without a network.

`make site` runs `python -m coursesite` with `tools` on the path. `staging` lays the sources out in a folder of their
own, `conf` is Sphinx's configuration, the other modules are its extensions. Nothing is executed: outputs are shown as
they are stored.
"""
