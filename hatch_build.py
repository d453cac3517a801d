"""Put the notebooks and the data sets inside the wheel, so that it stands alone."""

from pathlib import Path

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

CARRIED = ("notebooks", "datasets")


class CustomBuildHook(BuildHookInterface):
    """Map each carried file to `dlcourse/_bundle/` in a standard wheel; an editable install reads the checkout."""

    def initialize(self, version, build_data):
        if version != "standard":
            return
        root = Path(self.root)
        for folder in CARRIED:
            for path in sorted((root / folder).rglob("*")):
                name = path.relative_to(root)
                if path.is_file() and not _is_scratch(name):
                    build_data["force_include"][str(path)] = f"dlcourse/_bundle/{name.as_posix()}"


def _is_scratch(name):
    """True for what tools leave behind: caches, checkpoints of JupyterLab, anything hidden."""
    return any(part.startswith(".") or part == "__pycache__" for part in name.parts)
