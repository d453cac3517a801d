"""Devices, precision and training itself. TensorFlow is loaded when a call first needs it."""

import importlib

_WHERE = {
    "DeviceReport": "devices",
    "device_line": "devices",
    "device_report": "devices",
    "LayerCost": "cost",
    "CheckpointError": "checkpoint",
    "DistributionError": "distribution_cluster",
    "DivergedError": "conductor",
    "Throughput": "pace",
    "Training": "fitting",
    "WorkerLostError": "distribution_workers",
    "activations": "signals",
    "benchmark_step": "benchmark",
    "find_learning_rate": "finder",
    "first_decides": "distribution_workers",
    "fit": "fitting",
    "gradient_norms": "signals",
    "jit_compile_for": "policy",
    "layer_costs": "cost",
    "run_workers": "local_workers",
    "setup": "preparation",
    "side_by_side": "timing",
    "strategy": "distribution",
    "warmup_cosine": "schedules",
    "worker_folder": "distribution_workers",
}
__all__ = list(_WHERE)


def __getattr__(name):
    if name in _WHERE:
        return getattr(importlib.import_module(f"{__name__}.{_WHERE[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__():
    return __all__
