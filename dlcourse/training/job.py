"""A training's own state and its folder: where it stands, what it has seen, and how that is kept on disk."""

import csv
import io
import math
from dataclasses import asdict, dataclass, field
from pathlib import Path

from dlcourse.training import checkpoint, state
from dlcourse.training.checkpoint import CheckpointError

STATE, LOG, LOCK = "state.npz", "log.csv", "lock"


@dataclass
class Progress:
    """Where a training stands: the next step to take, counted in its epoch, and what led there."""

    epoch: int = 0
    step: int = 0
    steps: int = 0
    seconds: float = 0.0
    history: list[dict] = field(default_factory=list)
    best: float | None = None
    best_epoch: int | None = None
    stopped: str | None = None


class Folder:
    """The folder of a training: `state.npz`, the weights of the best epoch, `log.csv`, and a lock.

    `settings` are what must not change between the runs of one training, such as seed and batch size.

    Raises:
        CheckpointError: the folder cannot be written, or another process trains in it.
    """

    def __init__(self, path: Path, settings: dict):
        from filelock import FileLock, Timeout

        self.path = Path(path)
        self.settings = settings
        self._signature = None
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            self._lock = FileLock(self.path / LOCK)
            self._lock.acquire(timeout=0)
        except Timeout as error:
            raise CheckpointError(f"Another process trains in {self.path}; give this one its own folder.") from error
        except OSError as error:
            raise CheckpointError(f"{self.path} cannot be written: {error.strerror or error}.") from error

    def close(self) -> None:
        """Let other processes have the folder."""
        self._lock.release()

    def load(self) -> tuple[list, Progress, dict] | None:
        """The saved arrays, progress and model signature, or None if nothing is saved.

        Raises:
            CheckpointError: the file is damaged, or was made with other settings.
        """
        path = self.path / STATE
        if not path.exists():
            return None
        arrays, note = checkpoint.read(path)
        for name, mine in self.settings.items():
            if note["settings"].get(name) != mine:
                raise CheckpointError(
                    f"{path} was made with {name} {note['settings'].get(name)!r}, this training has {mine!r}; "
                    "give it another folder or the same setting."
                )
        return arrays, Progress(**note["progress"]), note["signature"]

    def save(self, model, progress: Progress) -> None:
        """Keep everything that is needed to go on from here. One rename: a kill leaves the old state or this one."""
        self._signature = self._signature or state.signature(model)
        note = {"settings": self.settings, "progress": asdict(progress), "signature": self._signature}
        checkpoint.write(self.path / STATE, state.snapshot(model), note)

    def save_best(self, weights: list, epoch: int) -> None:
        """Keep the best weights under their epoch's name: the state that points at the last ones stays true."""
        checkpoint.write(self._best(epoch), weights, {})

    def load_best(self, epoch: int) -> list:
        """The weights kept for an epoch."""
        return checkpoint.read(self._best(epoch))[0]

    def tidy(self, progress: Progress) -> None:
        """Write the log anew from the history and delete best weights that are surpassed and files of killed runs."""
        checkpoint.replace(self.path / LOG, lambda file: file.write(as_csv(progress.history).encode()))
        kept = None if progress.best_epoch is None else self._best(progress.best_epoch)
        for path in [*self.path.glob("best-*.npz"), *self.path.glob(".*.tmp")]:
            if path != kept:
                path.unlink(missing_ok=True)

    def _best(self, epoch):
        return self.path / f"best-{epoch:05d}.npz"


def as_csv(history: list[dict]) -> str:
    """A row for each epoch, a column for each figure."""
    columns = list(dict.fromkeys(name for row in history for name in row))
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(history)
    return text.getvalue()


def is_better(value: float, best: float | None, higher: bool) -> bool:
    """Whether a figure beats the best so far. NaN never does."""
    if math.isnan(value):
        return False
    return best is None or (value > best if higher else value < best)


def higher_is_better(name: str, said: bool | None) -> bool:
    """Which direction of a figure is better: what was said, or what its name tells.

    Raises:
        ValueError: the name does not tell.
    """
    if said is not None:
        return said
    words = name.lower()
    if any(word in words for word in ("loss", "error", "mae", "mse", "perplexity", "entropy")):
        return False
    if any(word in words for word in ("acc", "auc", "precision", "recall", "f1", "iou", "bleu")):
        return True
    raise ValueError(f"restore_best={name!r} does not tell whether more is better: give higher_is_better.")
