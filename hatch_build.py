"""Put the notebooks and the data sets inside the wheel, so that it stands alone."""

from pathlib import Path

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

CARRIED = ("notebooks", "datasets")
LEFT_OUT = {".ipynb_checkpoints", "__pycache__"}


class CustomBuildHook(BuildHookInterface):
    """Map each carried file to `dlcourse/_bundle/` in a standard wheel; an editable install reads the checkout."""

    def initialize(self, version, build_data):
        if version != "standard":
            return
        root = Path(self.root)
        for folder in CARRIED:
            for path in sorted((root / folder).rglob("*")):
                if path.is_file() and not LEFT_OUT & set(path.parts):
                    build_data["force_include"][str(path)] = f"dlcourse/_bundle/{path.relative_to(root).as_posix()}"
