"""Devices, precision and training itself. TensorFlow is loaded when a call first needs it."""

from dlcourse.lazy import loader

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
    "forward_flops": "operations",
    "gradient_norms": "signals",
    "jit_compile_for": "policy",
    "layer_costs": "cost",
    "restart": "restarting",
    "run_workers": "local_workers",
    "setup": "preparation",
    "side_by_side": "timing",
    "strategy": "distribution",
    "warmup_cosine": "schedules",
    "worker_folder": "distribution_workers",
}
__all__ = list(_WHERE)
__getattr__ = loader(__name__, _WHERE)


def __dir__():
    return __all__
