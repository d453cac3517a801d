"""The device report, on machines that are not there."""

import json
import subprocess
import sys
from dataclasses import replace

import pytest

from dlcourse.training import device_line, device_report
from dlcourse.training.devices import Gpu, Probes
from dlcourse.training.probes import Driver

A100 = Gpu("NVIDIA A100", (8, 0))
V100 = Gpu("NVIDIA V100", (7, 0))
DRIVERS = (Driver("NVIDIA A100", 40 * 2**30, "550.54"), Driver("NVIDIA V100", 16 * 2**30, "550.54"))
CUDA_BUILD = {"is_cuda_build": True, "cuda_version": "12.5.1", "cudnn_version": "9"}

NO_GPU = Probes(
    cpu_features=lambda: ("AVX2", "FMA"),
    cpu_threads=lambda: 2,
    nvidia_present=lambda: False,
    nvidia_drivers=lambda: (),
    missing_libraries=lambda sonames: (),
    build_info=lambda: CUDA_BUILD,
    gpus=lambda: (),
    environment=dict,
)
UNUSED_GPU = replace(NO_GPU, nvidia_present=lambda: True, nvidia_drivers=lambda: DRIVERS[:1])


def test_no_gpu_is_one_calm_line():
    assert str(device_report(NO_GPU)) == "CPU, 2 threads, float32, XLA by model; no GPU found"


def test_fewer_threads_than_the_machine_has_are_said():
    fewer = replace(NO_GPU, environment=lambda: {"TF_NUM_INTRAOP_THREADS": "1"})
    assert str(device_report(fewer)).startswith("CPU, 1 of 2 threads, float32")
    assert device_report(fewer).inter_op_threads == 2
    more = replace(NO_GPU, environment=lambda: {"TF_NUM_INTRAOP_THREADS": "8"})
    assert str(device_report(more)).startswith("CPU, 2 threads, float32")


def test_one_gpu_with_all_found():
    report = device_report(replace(UNUSED_GPU, gpus=lambda: (A100,)))
    assert str(report) == "GPU NVIDIA A100 (compute capability 8.0, 40 GiB), float32, XLA by model"
    assert (report.kind, report.driver, report.missing_libraries) == ("GPU", "550.54", ())


def test_two_gpus_keep_their_own_capability_and_memory():
    report = device_report(replace(UNUSED_GPU, nvidia_drivers=lambda: DRIVERS, gpus=lambda: (A100, V100)))
    assert str(report).startswith(
        "2 GPUs: NVIDIA A100 (compute capability 8.0, 40 GiB), NVIDIA V100 (compute capability 7.0, 16 GiB)"
    )


def test_missing_cudnn_is_named():
    report = device_report(replace(UNUSED_GPU, missing_libraries=lambda sonames: (sonames[-1],)))
    assert report.missing_libraries == ("libcudnn.so.9",)
    assert str(report).endswith(
        "NVIDIA A100 is unused: libcudnn.so.9 cannot be loaded; `make lab GPU=1` installs a TensorFlow with CUDA"
    )


def test_missing_driver_is_not_blamed_on_cuda():
    report = device_report(
        replace(UNUSED_GPU, nvidia_drivers=lambda: (), missing_libraries=lambda sonames: ("libcuda.so.1",))
    )
    assert "an NVIDIA GPU is unused: the NVIDIA driver's libcuda.so.1 cannot be loaded" in str(report)
    assert "make lab" not in str(report)


def test_build_without_cuda():
    report = device_report(replace(UNUSED_GPU, build_info=lambda: {"is_cuda_build": False}))
    assert "built without CUDA; `make lab GPU=1` installs" in str(report)
    assert (report.cuda_built, report.missing_libraries) == (None, ())


def test_hidden_by_cuda_visible_devices():
    report = device_report(replace(UNUSED_GPU, environment=lambda: {"CUDA_VISIBLE_DEVICES": "-1"}))
    assert "CUDA_VISIBLE_DEVICES='-1' hides it" in str(report)


def test_all_libraries_load_and_still_no_gpu():
    assert "whether `nvidia-smi` works and its driver serves CUDA 12.5.1" in str(device_report(UNUSED_GPU))


def test_as_dict_survives_json():
    data = device_report(replace(UNUSED_GPU, gpus=lambda: (A100,))).as_dict()
    assert json.loads(json.dumps(data)) == data
    assert data["gpus"] == [{"name": "NVIDIA A100", "capability": [8, 0], "memory": 40 * 2**30}]
    assert (data["kind"], data["cpu_features"]) == ("GPU", ["AVX2", "FMA"])


def test_table_tells_what_the_line_leaves_out():
    from rich.console import Console

    console = Console(width=120, record=True, file=open("/dev/null", "w"))  # noqa: SIM115 - lives as long as the test
    console.print(device_report(NO_GPU).table())
    text = console.export_text()
    assert "AVX2, FMA" in text
    assert "built for CUDA 12.5.1, cuDNN 9" in text


def test_notebook_shows_the_line():
    assert device_report(NO_GPU)._repr_mimebundle_() == {"text/plain": str(device_report(NO_GPU))}


def test_report_of_this_machine():
    report = device_report()
    assert report.threads >= 1
    assert report.intra_op_threads >= 1
    assert device_line() == str(report)  # TensorFlow is loaded by now


def test_light_line_loads_no_tensorflow():
    code = (
        "import sys; from dlcourse.training import device_line; print(device_line()); "
        "print(sorted({'tensorflow', 'keras', 'numpy'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    line, loaded = done.stdout.splitlines()
    assert line.startswith("CPU, ")
    assert loaded == "[]"


@pytest.mark.parametrize(("memory", "text"), [(None, "X"), (2**30, "X (1 GiB)")])
def test_gpu_of_another_make(memory, text):
    assert str(Gpu("X", None, memory)) == text
