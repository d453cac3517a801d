"""Put the notebooks, the data sets and the glossary inside the wheel, so that it stands alone."""

from pathlib import Path

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

CARRIED = ("notebooks", "datasets", "docs/glossary.md")


class CustomBuildHook(BuildHookInterface):
    """Map each carried file to `dlcourse/_bundle/` in a standard wheel; an editable install reads the checkout."""

    def initialize(self, version, build_data):
        if version != "standard":
            return
        root = Path(self.root)
        for carried in CARRIED:
            top = root / carried
            for path in [top] if top.is_file() else sorted(top.rglob("*")):
                name = path.relative_to(root)
                if path.is_file() and not _is_scratch(name):
                    build_data["force_include"][str(path)] = f"dlcourse/_bundle/{name.as_posix()}"


def _is_scratch(name):
    """True for what tools leave behind: caches, checkpoints of JupyterLab, anything hidden."""
    return any(part.startswith(".") or part == "__pycache__" for part in name.parts)
