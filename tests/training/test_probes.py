"""Questions to the system, on faked files and commands."""

import os
import sys

import pytest

from dlcourse.training import probes

linux = pytest.mark.skipif(sys.platform != "linux", reason="reads what only Linux has")


@linux
def test_features_of_an_x86_and_an_arm_processor(tmp_path):
    info = tmp_path / "cpuinfo"
    info.write_text("processor\t: 0\nflags\t\t: fpu avx avx2 fma avx512f avx512_bf16 amx_bf16\n")
    assert probes.cpu_features(info) == ("AVX2", "FMA", "AVX-512", "AVX-512 BF16", "AMX BF16")
    info.write_text("processor\t: 0\nFeatures\t: fp asimd bf16\n")
    assert probes.cpu_features(info) == ("NEON", "BF16")
    assert probes.cpu_features(tmp_path / "absent") == ()


def test_features_on_macos(monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(probes.platform, "machine", lambda: "x86_64")
    monkeypatch.setattr(probes, "_output", lambda *command: "FPU FMA AVX1.0\nAVX2 BMI1\n")
    assert probes.cpu_features() == ("AVX2", "FMA")
    monkeypatch.setattr(probes.platform, "machine", lambda: "arm64")
    monkeypatch.setattr(probes, "_output", lambda *command: "1\n")
    assert probes.cpu_features() == ("NEON", "BF16")


def groups(tmp_path, own, **files):
    for path, text in files.items():
        target = tmp_path / "cgroup" / path.replace("__", "/").replace("_max", ".max")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
    (tmp_path / "self").write_text(own)
    return tmp_path / "self", tmp_path / "cgroup"


def test_quota_is_the_least_of_a_group_and_those_above(tmp_path):
    where = groups(tmp_path, "0::/a/b\n", a__b__cpu_max="max 100000\n", a__cpu_max="150000 100000\n")
    assert probes.cgroup_quota(*where) == 1.5


def test_no_quota(tmp_path):
    assert probes.cgroup_quota(*groups(tmp_path, "0::/\n", cpu_max="max 100000\n")) is None
    assert probes.cgroup_quota(tmp_path / "absent", tmp_path / "nowhere") is None


def test_quota_of_version_one(tmp_path):
    folder = tmp_path / "cgroup" / "cpu"
    folder.mkdir(parents=True)
    (folder / "cpu.cfs_period_us").write_text("100000\n")
    (folder / "cpu.cfs_quota_us").write_text("300000\n")
    assert probes.cgroup_quota(tmp_path / "absent", tmp_path / "cgroup") == 3.0
    (folder / "cpu.cfs_quota_us").write_text("-1\n")
    assert probes.cgroup_quota(tmp_path / "absent", tmp_path / "cgroup") is None


@linux
@pytest.mark.parametrize(("quota", "threads"), [(None, 8), (1.5, 2), (0.1, 1), (64.0, 8)])
def test_threads_respect_affinity_and_quota(monkeypatch, quota, threads):
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: set(range(8)))
    monkeypatch.setattr(probes, "cgroup_quota", lambda: quota)
    assert probes.cpu_threads() == threads


def test_nvidia_smi_is_read(monkeypatch, tmp_path):
    command = tmp_path / "nvidia-smi"
    command.write_text("#!/bin/sh\necho 'NVIDIA A100-SXM4, 40960, 550.54'\necho 'NVIDIA T4, [N/A], 550.54'\n")
    command.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin")
    assert probes.nvidia_drivers() == (probes.Driver("NVIDIA A100-SXM4", 40 * 2**30, "550.54"),)


@pytest.mark.parametrize("script", ["#!/bin/sh\necho 'NVIDIA-SMI has failed'\nexit 9\n", None])
def test_nvidia_smi_that_fails_or_is_absent(monkeypatch, tmp_path, script):
    if script:
        (tmp_path / "nvidia-smi").write_text(script)
        (tmp_path / "nvidia-smi").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert probes.nvidia_drivers() == ()


def test_sonames_follow_the_build():
    assert probes.cuda_sonames("12.5.1", "9")[:4] == (
        "libcuda.so.1",
        "libcudart.so.12",
        "libcublas.so.12",
        "libcublasLt.so.12",
    )
    assert probes.cuda_sonames("13.0", "9.1")[-1] == "libcudnn.so.9"
    assert probes.cuda_sonames("99.0", "9") == ("libcuda.so.1", "libcudnn.so.9")


@linux
def test_missing_libraries_are_told_from_present_ones():
    assert probes.missing_libraries(("libc.so.6", "libnonesuch.so.12")) == ("libnonesuch.so.12",)


@linux
def test_libraries_of_the_nvidia_packages_are_found(monkeypatch, tmp_path):
    folder = tmp_path / "nvidia" / "cudnn" / "lib"
    folder.mkdir(parents=True)
    (folder / "libcudnn.so.9").touch()
    monkeypatch.syspath_prepend(tmp_path)
    tried = []
    monkeypatch.setattr(probes, "_loads", lambda path: tried.append(path) or "/" in path)
    assert probes.missing_libraries(("libcudnn.so.9",)) == ()
    assert tried == ["libcudnn.so.9", str(folder / "libcudnn.so.9")]
