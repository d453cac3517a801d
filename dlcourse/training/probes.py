"""What the machine has, asked without TensorFlow: processor, threads, NVIDIA driver and libraries."""

import contextlib
import csv
import ctypes
import importlib.util
import math
import os
import platform
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

# /proc/cpuinfo flag or sysctl feature -> the name people know, in the order shown.
_FEATURES = {
    "avx2": "AVX2",
    "fma": "FMA",
    "avx512f": "AVX-512",
    "avx512_bf16": "AVX-512 BF16",
    "amx_bf16": "AMX BF16",
    "asimd": "NEON",
    "sve": "SVE",
    "bf16": "BF16",
}

# Library -> its soname's version by CUDA major version (CUDA's own release notes); cuDNN has its own version.
_CUDA_LIBRARIES = {
    "cudart": {12: "12", 13: "13"},
    "cublas": {12: "12", 13: "13"},
    "cublasLt": {12: "12", 13: "13"},
    "cufft": {12: "11", 13: "12"},
    "cusolver": {12: "11", 13: "12"},
    "cusparse": {12: "12", 13: "12"},
}


@dataclass(frozen=True)
class Driver:
    """One line of nvidia-smi: a card as its driver sees it. `memory` in bytes; `version` is the driver's."""

    name: str
    memory: int
    version: str


def cpu_features(cpuinfo: Path = Path("/proc/cpuinfo")) -> tuple[str, ...]:
    """The vector and matrix instructions of this processor that matter for training, such as ("AVX2", "FMA")."""
    flags = _sysctl_flags() if sys.platform == "darwin" else _cpuinfo_flags(cpuinfo)
    return tuple(name for flag, name in _FEATURES.items() if flag in flags)


def _cpuinfo_flags(cpuinfo):
    with contextlib.suppress(OSError):
        for line in cpuinfo.read_text(errors="replace").splitlines():
            key, _, value = line.partition(":")
            if key.strip() in ("flags", "Features"):
                return set(value.split())
    return set()


def _sysctl_flags():
    if platform.machine() == "arm64":
        return {"asimd"} | ({"bf16"} if _output("sysctl", "-n", "hw.optional.arm.FEAT_BF16").strip() == "1" else set())
    listed = _output("sysctl", "-n", "machdep.cpu.features", "machdep.cpu.leaf7_features")
    return set(listed.lower().split())


def cpu_threads() -> int:
    """The processor threads this process may use: its affinity, or less where a container's quota allows less."""
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    quota = cgroup_quota()
    return allowed if quota is None else max(1, min(allowed, math.ceil(quota)))


def cgroup_quota(proc: Path = Path("/proc/self/cgroup"), root: Path = Path("/sys/fs/cgroup")) -> float | None:
    """The processors' worth of time this process's control group (version 1 or 2) may use, or None if unlimited."""
    quotas = [_quota_v2(folder) for folder in _own_groups(proc, root)] + [_quota_v1(root / "cpu")]
    return min((quota for quota in quotas if quota), default=None)


def _own_groups(proc, root):
    """The folders of this process's group and of every group above it, which bound it too."""
    own = ""
    with contextlib.suppress(OSError):
        own = next((line[3:] for line in proc.read_text().splitlines() if line.startswith("0::")), "")
    folder = root / own.strip("/")
    return [folder, *(parent for parent in folder.parents if parent.is_relative_to(root))]


def _quota_v2(folder):
    with contextlib.suppress(OSError, ValueError):
        quota, period = (folder / "cpu.max").read_text().split()
        return float(quota) / float(period)  # "max" is no number: unlimited
    return None


def _quota_v1(folder):
    with contextlib.suppress(OSError, ValueError):
        quota = float((folder / "cpu.cfs_quota_us").read_text())
        period = float((folder / "cpu.cfs_period_us").read_text())
        return quota / period if quota > 0 else None
    return None


def nvidia_present() -> bool:
    """Whether there is an NVIDIA card: a device node of its driver, or nvidia-smi lists one (as under WSL)."""
    return any(Path("/dev").glob("nvidia[0-9]*")) or bool(nvidia_drivers())


def nvidia_drivers() -> tuple[Driver, ...]:
    """The cards nvidia-smi lists; empty if there is no such command or it fails."""
    text = _output("nvidia-smi", "--query-gpu=name,memory.total,driver_version", "--format=csv,noheader,nounits")
    rows = (tuple(cell.strip() for cell in row) for row in csv.reader(text.splitlines()))
    return tuple(Driver(row[0], int(row[1]) * 2**20, row[2]) for row in rows if len(row) == 3 and row[1].isdecimal())


def cuda_sonames(cuda: str, cudnn: str) -> tuple[str, ...]:
    """The shared libraries TensorFlow loads when it was built for these versions, such as "12.5.1" and "9"."""
    major = int(cuda.partition(".")[0])
    names = [f"lib{name}.so.{versions[major]}" for name, versions in _CUDA_LIBRARIES.items() if major in versions]
    return ("libcuda.so.1", *names, f"libcudnn.so.{cudnn.partition('.')[0]}")


def missing_libraries(sonames: tuple[str, ...]) -> tuple[str, ...]:
    """Those of `sonames` that the loader finds neither on its own nor in the installed nvidia-* packages."""
    return tuple(name for name in sonames if not any(_loads(path) for path in _candidates(name)))


def _candidates(soname):
    spec = importlib.util.find_spec("nvidia")
    packaged = [] if spec is None else list(spec.submodule_search_locations or [])
    return [soname, *(str(path) for folder in packaged for path in Path(folder).glob(f"*/lib/{soname}"))]


def _loads(path):
    try:
        ctypes.CDLL(path)
    except OSError:
        return False
    return True


def _output(*command):
    """What a command prints, or nothing if it is not there, fails or hangs."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=10, check=True)
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout
