"""EfficientNet-lite0 written a second time, in plain NumPy, straight from the papers; shares no code with the course.

It reads the tensors by their names and finds kernel sizes, widths and numbers of blocks in their shapes; only strides,
padding, epsilon, the bend at 6 and the scaling of pixels are stated here.
"""

import numpy as np

STRIDES = {1: 1, 2: 2, 3: 2, 4: 2, 5: 1, 6: 2, 7: 1}  # of the first block of each stage
EPSILON = 1e-3


def same(length, kernel, stride):
    """TensorFlow's padding: as much as an output of ceil(length / stride) needs, the smaller half first."""
    total = max((-(-length // stride) - 1) * stride + kernel - length, 0)
    return total // 2, total - total // 2


def symmetric(length, kernel, stride):
    """PyTorch's usual padding, (kernel - 1) / 2 on both sides."""
    return (kernel - 1) // 2, (kernel - 1) // 2


class Network:
    """Logits and the ends of the stages of one picture at a time, in float64."""

    def __init__(self, tensors, padding=same):
        self.tensors = {name: np.asarray(array, np.float64) for name, array in tensors.items()}
        self.padding = padding

    def __call__(self, pixels):
        """pixels (height, width, 3), 0 to 255 -> logits (1000,), {stage: maps (height, width, channels)}."""
        x = (np.asarray(pixels, np.float64) - 127) / 128
        x = self.bend(self.norm(self.convolve(x, "stem_conv", 2), "stem_bn"))
        ends = {"stem": x}
        for stage, stride in STRIDES.items():
            block = 1
            while f"stage{stage}_block{block}_project/kernel" in self.tensors:
                x = self.block(x, f"stage{stage}_block{block}_", stride if block == 1 else 1)
                block += 1
            ends[f"stage{stage}"] = x
        ends["head"] = x = self.bend(self.norm(self.convolve(x, "head_conv", 1), "head_bn"))
        return x.mean(axis=(0, 1)) @ self.tensors["logits/kernel"] + self.tensors["logits/bias"], ends

    def block(self, x, name, stride):
        start = x
        if f"{name}expand/kernel" in self.tensors:
            x = self.bend(self.norm(self.convolve(x, f"{name}expand", 1), f"{name}expand_bn"))
        x = self.bend(self.norm(self.depthwise(x, f"{name}depthwise", stride), f"{name}depthwise_bn"))
        x = self.norm(self.convolve(x, f"{name}project", 1), f"{name}project_bn")
        return x + start if x.shape == start.shape and stride == 1 else x

    def shifted(self, x, kernel, stride):
        """For each place of the kernel, the values of the padded maps that it meets."""
        rows, columns = x.shape[:2]
        pads = [self.padding(length, kernel, stride) for length in (rows, columns)]
        padded = np.pad(x, (*pads, (0, 0)))
        out = [(length + sum(pad) - kernel) // stride + 1 for length, pad in zip((rows, columns), pads, strict=True)]
        for i, j in np.ndindex(kernel, kernel):
            yield i, j, padded[i : i + stride * out[0] : stride, j : j + stride * out[1] : stride][: out[0], : out[1]]

    def convolve(self, x, name, stride):
        kernel = self.tensors[f"{name}/kernel"]  # (k, k, in, out)
        return sum(part @ kernel[i, j] for i, j, part in self.shifted(x, len(kernel), stride))

    def depthwise(self, x, name, stride):
        kernel = self.tensors[f"{name}/kernel"][..., 0]  # (k, k, channels)
        return sum(part * kernel[i, j] for i, j, part in self.shifted(x, len(kernel), stride))

    def norm(self, x, name):
        gamma, beta, mean, variance = (
            self.tensors[f"{name}/{each}"] for each in ("gamma", "beta", "moving_mean", "moving_variance")
        )
        return gamma * (x - mean) / np.sqrt(variance + EPSILON) + beta

    @staticmethod
    def bend(x):
        return np.clip(x, 0, 6)
