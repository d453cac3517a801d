"""Figures of a training for TensorBoard: its event files, written by TensorFlow alone.

Reading them needs TensorBoard, which the course does not install: `pip install tensorboard`, then
`tensorboard --logdir FOLDER`.
"""

import tempfile
from pathlib import Path

import tensorflow as tf

from dlcourse.errors import CourseError

_VALIDATION = "val_"


class EventLog:
    """A folder with one run for training and one for validation, whose figures TensorBoard lays over each other.

    A training that is taken up again writes a further file beside the first; TensorBoard joins them.

    Raises:
        CourseError: the folder cannot be written.
    """

    def __init__(self, folder: str | Path):
        self.folder = Path(folder)
        self._writers = {}
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=self.folder):
                pass
        except OSError as error:
            why = error.strerror or error
            raise CourseError(f"The TensorBoard folder {folder} cannot be written: {why}.") from error

    def write(self, epoch: int, figures: dict[str, float]) -> None:
        """Write the figures of an epoch, counted from 1, and bring them to disk. A name with "val_" is validation's."""
        for name, value in figures.items():
            run = "validation" if name.startswith(_VALIDATION) else "train"
            with self._writer(run).as_default():
                tf.summary.write(
                    name.removeprefix(_VALIDATION), tf.constant(value, tf.float32), epoch, metadata=_scalar()
                )
        for writer in self._writers.values():
            writer.flush()

    def close(self) -> None:
        """Close the files."""
        for writer in self._writers.values():
            writer.close()

    def _writer(self, run):
        if run not in self._writers:
            self._writers[run] = tf.summary.create_file_writer(str(self.folder / run))
        return self._writers[run]


def _scalar():
    """What tells TensorBoard that a tensor is one point of a curve."""
    metadata = tf.compat.v1.SummaryMetadata()
    metadata.plugin_data.plugin_name = "scalars"
    return metadata
