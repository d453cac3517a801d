"""The card of a checkpoint: which notebook made it, from what, in how long, and what was measured then."""

import json
import math
import re
import tomllib
from dataclasses import asdict, dataclass
from pathlib import Path

from dlcourse import paths
from dlcourse.errors import CourseError

CARD, WEIGHTS = "card.toml", "weights.safetensors"
_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_TABLES = ("parameters", "data", "figures")


class CheckpointError(CourseError):
    """A checkpoint is not there, is damaged, does not fit the model, or cannot be written."""


@dataclass(frozen=True)
class CheckpointCard:
    """What is known of a checkpoint; the fields of `card.toml`, and the folder it stands in.

    `figures` were measured in the long run; a notebook measures them anew. `data` maps "set/file" to SHA-256, `sha256`
    is that of the weights' file of so many `bytes`, `weights` the number of weights, `seconds` those of the training.
    """

    name: str
    what: str
    chapter: str
    parameters: dict
    seed: int
    data: dict[str, str]
    seconds: float
    machine: str
    written: str
    figures: dict[str, float | list[float]]
    weights: int
    precision: str
    bytes: int
    sha256: str
    folder: Path

    @property
    def rebuild(self) -> str:
        """The command that makes it anew."""
        return f"dlcourse run {self.chapter} --profile long"

    @property
    def notebook(self) -> str:
        """The file name of the chapter that makes it; its number if it is not written."""
        found = sorted(paths.notebooks_dir().glob(f"{self.chapter}_*.ipynb"))
        return found[0].name if found else self.chapter

    @property
    def toml(self) -> str:
        """The card for machines: what `checkpoint_card` reads."""
        fields = {key: value for key, value in asdict(self).items() if key != "folder"}
        plain = [f"{key} = {_toml(value)}" for key, value in fields.items() if key not in _TABLES]
        tables = [f"\n[{table}]\n{_lines(fields[table])}" for table in _TABLES]
        return "\n".join([*plain, *tables]) + "\n"

    @property
    def text(self) -> str:
        """The card for people, in Markdown."""
        sets = sorted({each.split("/")[0] for each in self.data})
        facts = {
            "Made by": f"`{self.rebuild}` ({self.notebook}), {self.written}",
            "Parameters": ", ".join(f"{key} {_shown(value)}" for key, value in self.parameters.items()) or "none",
            "Seed": str(self.seed),
            "Data": f"{', '.join(sets)} (each file's SHA-256 in card.toml)",
            "Training": f"{self.seconds:,.0f} s on {self.machine}",
            "Weights": f"{self.weights:,}, {self.precision}; {self.bytes:,} bytes, SHA-256 `{self.sha256}`",
            "Licence": "that of the course's code, MIT; the data's own is on the data's card",
        }
        table = "\n".join(f"| {key} | {value} |" for key, value in facts.items())
        figures = "\n".join(f"| {key} | {_shown(value)} |" for key, value in self.figures.items())
        return (
            f"# {self.name}\n\n{self.what}\n\n| | |\n|---|---|\n{table}\n\n"
            f"Measured in that run; the notebook measures it anew:\n\n| figure | value |\n|---|---|\n{figures}\n\n"
            f'Written by `dlcourse.models.save_checkpoint`; read by `load_checkpoint("{self.name}", model)`.\n'
        )

    def __repr__(self) -> str:
        return self.text

    def _repr_markdown_(self) -> str:
        # A bold line for the heading: a card shown in a notebook must not add to its table of contents.
        return re.sub(r"^# (.*)$", r"**\1**", self.text, count=1, flags=re.MULTILINE)


def named_folder(name: str, folder: str | Path | None = None) -> Path:
    """The folder of a checkpoint; ValueError for what is no name."""
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise ValueError(f"name is lower-case words joined by _, such as 'garments_resnet', not {name!r}.")
    return (paths.checkpoints_dir() if folder is None else Path(folder).expanduser()) / name


def checkpoints(folder: str | Path | None = None) -> tuple[str, ...]:
    """The names of the checkpoints there are, in alphabetical order: of the course, or in a folder."""
    home = paths.checkpoints_dir() if folder is None else Path(folder).expanduser()
    return tuple(sorted(path.parent.name for path in home.glob(f"*/{CARD}")))


def checkpoint_card(name: str, folder: str | Path | None = None) -> CheckpointCard:
    """The card of a checkpoint.

    Raises:
        CheckpointError: there is none of this name, or its card is damaged.
        ValueError: what is no name.
    """
    place = named_folder(name, folder)
    if not (place / CARD).is_file():
        there = ", ".join(checkpoints(folder)) or "nothing"
        raise CheckpointError(f"There is no checkpoint {name!r} in {place.parent}, only {there}.")
    try:
        return CheckpointCard(**tomllib.loads((place / CARD).read_text(encoding="utf-8")), folder=place)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, TypeError) as problem:
        raise CheckpointError(f"The card {place / CARD} is damaged: {problem}.") from problem


def _lines(table):
    return "\n".join(f"{json.dumps(str(key), ensure_ascii=False)} = {_toml(value)}" for key, value in table.items())


def _toml(value):
    """A plain value as TOML writes it; ValueError for anything else."""
    value = value.item() if hasattr(value, "item") else value  # NumPy's numbers
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, int) or (isinstance(value, float) and math.isfinite(value)):
        return repr(value)
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_toml, value)) + "]"
    raise ValueError(f"a card holds numbers, words and lists of them, not {value!r}.")


def _shown(value):
    if isinstance(value, list | tuple):
        return ", ".join(map(_shown, value))
    return f"{value:.6g}" if isinstance(value, float) else str(value)
