"""What training runs on, in one line: processor or GPUs, precision, XLA, and why a GPU is not used."""

import json
import os
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass

from dlcourse.training import policy, probes

GPU_HINT = "`make lab GPU=1` installs a TensorFlow with CUDA"


@dataclass(frozen=True)
class Gpu:
    """A GPU TensorFlow uses. `capability`: CUDA compute capability, None on other makes; `memory` in bytes or None."""

    name: str
    capability: tuple[int, int] | None = None
    memory: int | None = None

    def __str__(self):
        capability = "" if self.capability is None else f"compute capability {self.capability[0]}.{self.capability[1]}"
        memory = "" if self.memory is None else f"{self.memory / 2**30:.0f} GiB"
        details = ", ".join(each for each in (capability, memory) if each)
        return f"{self.name} ({details})" if details else self.name


@dataclass(frozen=True)
class DeviceReport:
    """What training runs on. Its text is one line; `table()` tells all of it, `as_dict()` is ready for JSON."""

    gpus: tuple[Gpu, ...]
    gpu_note: str
    missing_libraries: tuple[str, ...]
    threads: int
    cpu_features: tuple[str, ...]
    precision: str
    xla: str
    deterministic: bool
    intra_op_threads: int
    inter_op_threads: int
    tensorflow: str
    cuda_built: str | None
    cudnn_built: str | None
    driver: str | None

    @property
    def kind(self) -> str:
        """ "GPU" if there is one to train on, else "CPU"."""
        return "GPU" if self.gpus else "CPU"

    def __str__(self):
        details = [self.precision, f"XLA {self.xla}"] + (["deterministic"] if self.deterministic else [])
        text = ", ".join([self._hardware(), *details])
        return f"{text}; {self.gpu_note}" if self.gpu_note else text

    def _hardware(self):
        if not self.gpus:
            used = min(self.intra_op_threads, self.threads)
            of_all = f"{used} of " if used < self.threads else ""
            return f"CPU, {of_all}{_count(self.threads, 'thread')}"
        listed = ", ".join(map(str, self.gpus))
        return f"GPU {listed}" if len(self.gpus) == 1 else f"{len(self.gpus)} GPUs: {listed}"

    def as_dict(self) -> dict:
        """The report as JSON can hold it."""
        return json.loads(json.dumps({"kind": self.kind, "line": str(self), **asdict(self)}))

    def table(self):
        """All of it, as a rich table: for a terminal, a notebook or `rich.print`."""
        from rich.table import Table

        table = Table(show_header=False, title="Device", title_justify="left")
        for name, value in self._rows():
            table.add_row(name, value)
        return table

    def _rows(self):
        yield "trains on", self._hardware()
        yield "GPUs", self.gpu_note or "all found and used"
        yield "libraries missing", ", ".join(self.missing_libraries) or "none known"
        yield "TensorFlow", f"{self.tensorflow}, {self._built_for()}"
        yield "NVIDIA driver", self.driver or "none found"
        yield "processor", f"{_count(self.threads, 'thread')}; {', '.join(self.cpu_features) or 'features unknown'}"
        yield "threads", f"{self.intra_op_threads} in an operation, {self.inter_op_threads} operations at once"
        yield "precision", self.precision
        yield "XLA", self.xla
        yield "deterministic", "yes, every operation" if self.deterministic else "on the CPU"

    def _built_for(self):
        return (
            f"built for CUDA {self.cuda_built}, cuDNN {self.cudnn_built}" if self.cuda_built else "built without CUDA"
        )

    def _repr_mimebundle_(self, **_):
        return {"text/plain": str(self)}

    def __rich__(self):
        return str(self)


def _build_info():
    import tensorflow as tf

    return dict(tf.sysconfig.get_build_info())


def _tensorflow_gpus():
    import tensorflow as tf

    details = [tf.config.experimental.get_device_details(gpu) for gpu in tf.config.list_physical_devices("GPU")]
    return tuple(Gpu(each.get("device_name", "GPU"), each.get("compute_capability")) for each in details)


@dataclass(frozen=True)
class Probes:
    """The questions a report asks, each replaceable: tests describe machines that are not there."""

    cpu_features: Callable = probes.cpu_features
    cpu_threads: Callable = probes.cpu_threads
    nvidia_present: Callable = probes.nvidia_present
    nvidia_drivers: Callable = probes.nvidia_drivers
    missing_libraries: Callable = probes.missing_libraries
    build_info: Callable = _build_info
    gpus: Callable = _tensorflow_gpus
    environment: Callable = os.environ.copy


def device_report(found: Probes | None = None) -> DeviceReport:
    """What training runs on now: hardware, precision and XLA, and what keeps a GPU unused. Loads TensorFlow."""
    import tensorflow as tf

    found = found or Probes()
    build = found.build_info()
    drivers = found.nvidia_drivers() if found.nvidia_present() else ()
    gpus = _with_memory(found.gpus(), drivers)
    note, missing = ("", ()) if gpus else _why_no_gpu(found, build, drivers)
    threads = found.cpu_threads()
    return DeviceReport(
        gpus=gpus,
        gpu_note=note,
        missing_libraries=missing,
        threads=threads,
        cpu_features=found.cpu_features(),
        precision=policy.precision_in_use(),
        xla=policy.describe_xla(),
        deterministic=policy.deterministic(),
        intra_op_threads=tf.config.threading.get_intra_op_parallelism_threads() or _asked(found, "INTRA") or threads,
        inter_op_threads=tf.config.threading.get_inter_op_parallelism_threads() or _asked(found, "INTER") or threads,
        tensorflow=tf.__version__,
        cuda_built=build.get("cuda_version"),
        cudnn_built=build.get("cudnn_version"),
        driver=drivers[0].version if drivers else None,
    )


def _asked(found, kind):
    """Threads asked for by TF_NUM_INTRAOP_THREADS or TF_NUM_INTEROP_THREADS, which TensorFlow reads when it starts."""
    text = found.environment().get(f"TF_NUM_{kind}OP_THREADS", "")
    return int(text) if text.isdigit() else 0


def device_line(load_tensorflow: bool = False) -> str:
    """One line on what this runs on.

    Once TensorFlow is loaded, or with `load_tensorflow`, it is the device report's. Before, it takes milliseconds and
    says what NumPy runs on.
    """
    if load_tensorflow or "tensorflow" in sys.modules:
        return str(device_report())
    text = f"CPU, {_count(probes.cpu_threads(), 'thread')}"
    return f"{text}; an NVIDIA GPU is there for TensorFlow" if probes.nvidia_present() else text


def _why_no_gpu(found, build, drivers):
    """Why TensorFlow lists no GPU, as (a clause of one line, the libraries that are missing)."""
    if not found.nvidia_present():
        return "no GPU found", ()
    name = drivers[0].name if drivers else "an NVIDIA GPU"
    visible = found.environment().get("CUDA_VISIBLE_DEVICES")
    if visible is not None and visible.strip() in ("", "-1"):
        return f"{name} is unused: CUDA_VISIBLE_DEVICES={visible!r} hides it", ()
    if not build.get("is_cuda_build"):
        return f"{name} is unused: this TensorFlow was built without CUDA; {GPU_HINT}", ()
    sonames = probes.cuda_sonames(build.get("cuda_version", "0"), build.get("cudnn_version", "0"))
    missing = found.missing_libraries(sonames)
    return f"{name} is unused: {_diagnosis(missing, build)}", missing


def _diagnosis(missing, build):
    if "libcuda.so.1" in missing:
        return "the NVIDIA driver's libcuda.so.1 cannot be loaded; install or repair the driver"
    if missing:
        return f"{', '.join(missing)} cannot be loaded; {GPU_HINT}"
    return f"every library loads, so see whether `nvidia-smi` works and its driver serves CUDA {build['cuda_version']}"


def _with_memory(gpus, drivers):
    """TensorFlow tells no memory sizes; nvidia-smi does, by name. Equal names have equal memory."""
    memory = {driver.name: driver.memory for driver in drivers}
    return tuple(Gpu(gpu.name, gpu.capability, gpu.memory or memory.get(gpu.name)) for gpu in gpus)


def _count(number, noun):
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
