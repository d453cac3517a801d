"""Learning rates over the steps of a training."""

import numbers


def warmup_cosine(peak: float, steps: int, *, warmup_steps: int | None = None, final: float = 0.0):
    """A learning rate that rises in a line to `peak` and falls in half a cosine to `final` (Loshchilov & Hutter 2017).

    Args:
        peak: the highest rate.
        steps: of the whole training: steps an epoch times epochs. After them the rate stays at `final`.
        warmup_steps: of the rise; by default a twentieth of `steps`. 0 starts at the peak.
        final: the last rate.

    Returns:
        Keras's own CosineDecay, for `learning_rate=` of any optimizer.

    Raises:
        ValueError: a rate or a number of steps that is not allowed.

    Example:
        >>> rate = warmup_cosine(0.1, 100, warmup_steps=10)
        >>> [round(float(rate(step)), 4) for step in (0, 5, 10, 55, 100)]
        [0.0091, 0.0545, 0.1, 0.05, 0.0]
    """
    from keras.optimizers.schedules import CosineDecay

    if isinstance(steps, bool) or not isinstance(steps, numbers.Integral) or steps < 1:
        raise ValueError(f"steps is a whole number from 1, not {steps!r}.")
    warmup_steps = steps // 20 if warmup_steps is None else warmup_steps
    if not isinstance(warmup_steps, numbers.Integral) or not 0 <= warmup_steps < steps:
        raise ValueError(f"warmup_steps is a whole number from 0 to below steps={steps}, not {warmup_steps!r}.")
    if not 0 <= final <= peak or not peak > 0:
        raise ValueError(f"peak is above 0 and final from 0 to peak; they are {peak!r} and {final!r}.")
    if not warmup_steps:
        return CosineDecay(peak, steps, alpha=final / peak)
    # The first step already moves: it has the rate of one step up, not 0.
    return CosineDecay(
        peak / (warmup_steps + 1), steps - warmup_steps, final / peak, warmup_target=peak, warmup_steps=warmup_steps
    )
