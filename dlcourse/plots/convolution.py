"""The figures of chapter 08: a kernel sliding (animated), pictures and what kernels make of them, kernels."""

import base64
import io

import numpy as np

from dlcourse.plots.line_ends import label_ends
from dlcourse.plots.style import COLOURS


def sliding(x, kernel, output):
    """Figures of a kernel at each of its places on a small picture, the output filling up: one figure a place.

    x (height, width), kernel (k, k), output: the "valid" result at stride 1. All are written in whole numbers.
    """
    for place in np.ndindex(output.shape):
        yield _at_place(x, kernel, output, place)


def _at_place(x, kernel, output, place):
    import matplotlib.pyplot as plt

    fig, axes = plt.subplots(
        1, 3, figsize=(7.2, 3.0), width_ratios=[x.shape[1], kernel.shape[1], output.shape[1]], dpi=80
    )
    done = np.full(output.shape, np.nan)
    for each in np.ndindex(output.shape):
        if each <= place:
            done[each] = output[each]
    for ax, values, title in zip(axes, (x, kernel, done), ("input x", "kernel k", "output y"), strict=True):
        _numbers(ax, values, title)
    _frame(axes[0], place, kernel.shape)
    _frame(axes[2], place, (1, 1))
    under = x[place[0] : place[0] + kernel.shape[0], place[1] : place[1] + kernel.shape[1]]
    terms = [f"{k:+.0f}·{v:.0f}" for k, v in zip(kernel.ravel(), under.ravel(), strict=True) if k]
    fig.supxlabel(f"{' '.join(terms)} = {output[place]:.0f}", fontsize=13)
    return fig


def _numbers(ax, values, title):
    """A table of whole numbers on grey squares; nothing is written where there is no value yet."""
    ax.imshow(np.full(values.shape, 0.94), cmap="gray", vmin=0, vmax=1)
    for row, column in np.ndindex(values.shape):
        if np.isfinite(values[row, column]):
            ax.text(column, row, f"{values[row, column]:.0f}", ha="center", va="center", fontsize=13)
    ax.set_title(title, loc="center")
    ax.set_xticks(np.arange(-0.5, values.shape[1]), [])
    ax.set_yticks(np.arange(-0.5, values.shape[0]), [])
    ax.tick_params(length=0)
    ax.grid(color="white", alpha=1, linewidth=2)


def _frame(ax, place, shape):
    """An orange frame round the values at a place."""
    from matplotlib.patches import Rectangle

    corner = (place[1] - 0.5, place[0] - 0.5)
    ax.add_patch(
        Rectangle(corner, shape[1], shape[0], fill=False, edgecolor=COLOURS["vermillion"], linewidth=4, zorder=5)
    )


def show_animation(figures, alt: str, milliseconds: int = 900) -> None:
    """Publish figures as one animated PNG, and close them. It plays where a PNG is shown; the last frame stays longest.

    Raises ValueError when there is no figure or the alt text is under twenty characters.
    """
    from IPython.display import display

    data = base64.b64encode(animated(figures, milliseconds)).decode()
    if len(alt.strip()) < 20:
        raise ValueError(f"alt text says in a sentence what is seen; this says {alt!r}.")
    display({"image/png": data, "text/plain": alt}, raw=True, metadata={"image/png": {"alt": alt}})


def animated(figures, milliseconds: int) -> bytes:
    """An animated PNG (APNG) of Matplotlib figures of one size, with at most 32 colours; the figures are closed."""
    frames = [_picture(fig) for fig in figures]
    if not frames:
        raise ValueError("figures must hold at least one figure; it holds none.")
    palette = frames[-1].quantize(32)
    frames = [frame.quantize(palette=palette, dither=0) for frame in frames]
    file, durations = io.BytesIO(), [milliseconds] * (len(frames) - 1) + [3 * milliseconds]
    frames[0].save(file, "PNG", save_all=True, append_images=frames[1:], duration=durations, loop=0, optimize=True)
    return file.getvalue()


def _picture(fig):
    import matplotlib.pyplot as plt
    from PIL import Image

    raw = io.BytesIO()
    fig.savefig(raw, format="png")
    plt.close(fig)
    return Image.open(raw).convert("RGB")


def pictures(panels: dict, columns: int = 3, signed=()):
    """Grey pictures with titles, in rows. Those named in `signed` have zero at middle grey; the others show 0 to 1.

    panels: title -> picture (height, width). The limits of a signed one are its 1st and 99th percentiles, made even.
    """
    import matplotlib.pyplot as plt

    rows = -(-len(panels) // columns)
    height, width = next(iter(panels.values())).shape
    size = (8.4, 8.4 * rows / columns * height / width + 0.35 * rows)
    fig, axes = plt.subplots(rows, columns, figsize=size, squeeze=False)
    for ax, (title, picture) in zip(axes.flat, panels.items(), strict=False):
        reach = np.quantile(np.abs(picture), 0.99)
        limits = (-reach, reach) if title in signed else (0, 1)
        ax.imshow(picture, cmap="gray", vmin=limits[0], vmax=limits[1])
        ax.set_title(title, loc="center", fontsize=12)
    for ax in axes.flat:
        ax.axis("off")
    return fig


def stacked_series(time, series: dict, xlabel: str, marks=()):
    """Series above each other on one time axis, each with its name at its left.

    series: name -> values (n,). marks: times at which a thin line crosses all of them.
    """
    import matplotlib.pyplot as plt

    fig, axes = plt.subplots(len(series), 1, figsize=(9, 1.25 * len(series) + 0.5), sharex=True, squeeze=False)
    for (ax,), (name, values) in zip(axes, series.items(), strict=True):
        for mark in marks:
            ax.axvline(mark, color=COLOURS["orange"], linewidth=5, alpha=0.35)
        ax.plot(time, values, linewidth=1.3)
        ax.set_ylabel(name, rotation=0, ha="right", va="center", fontsize=11)
        ax.set_yticks([0])
    axes[-1, 0].set_xlabel(xlabel)
    return fig


def costs(lengths, ratios: dict):
    """What each way of applying a kernel takes, over what the Fourier transform takes, against the kernel's length.

    ratios: name -> one ratio a length. Both axes are logarithmic; names stand beside the lines' ends.
    """
    import matplotlib.pyplot as plt
    from matplotlib.ticker import FuncFormatter

    fig, ax = plt.subplots(figsize=(7.6, 4))
    ax.axhline(1, color=COLOURS["grey"], linewidth=1)
    lines = {
        name: ax.loglog(lengths, values, marker=mark)[0]
        for (name, values), mark in zip(ratios.items(), "os^Dv*P", strict=False)
    }
    ax.set_xticks(lengths, [str(length) for length in lengths])
    ax.minorticks_off()
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    ax.set(xlabel="kernel length K (pixels)", ylabel="processor time / Fourier's")
    label_ends(ax, lengths[-1], {name: (ratios[name][-1], line.get_color()) for name, line in lines.items()}, apart=0.1)
    return fig


def brightness(rows: dict):
    """Brightness along rows of a picture: name -> values (width,). Every second line is dashed."""
    import matplotlib.pyplot as plt

    fig, ax = plt.subplots(figsize=(7, 2.8))
    for index, (name, values) in enumerate(rows.items()):
        ax.plot(values, "--" if index % 2 else "-", label=name)
    ax.set(xlabel="column (pixels)", ylabel="brightness", ylim=(0, 1.1))
    ax.legend(loc="lower center", ncols=len(rows))
    return fig


def kernels_and_responses(rows: dict):
    """Kernels as pictures, and below each which waves it lets through: its frequency response.

    rows: name -> kernels (count, k, k), the same count in each. In a kernel blue is negative and red positive; in a
    response black is nothing, white the most, and the middle is a wave of infinite length.
    """
    import matplotlib.pyplot as plt

    count = max(len(kernels) for kernels in rows.values())
    fig, axes = plt.subplots(2 * len(rows), count, figsize=(0.95 * count + 1.2, 2.0 * len(rows)), squeeze=False)
    for place, (name, kernels) in enumerate(rows.items()):
        pair = axes[2 * place], axes[2 * place + 1]
        for column, kernel in enumerate(kernels):
            reach = np.abs(kernel).max()
            pair[0][column].imshow(kernel, cmap="RdBu_r", vmin=-reach, vmax=reach)
            pair[1][column].imshow(frequency_response(kernel), cmap="gray", interpolation="nearest")
        pair[0][0].set_ylabel(name, rotation=0, ha="right", va="center")
        pair[1][0].set_ylabel("lets\nthrough", rotation=0, ha="right", va="center", fontsize=9)
    for ax in axes.flat:
        ax.set(xticks=[], yticks=[])
        ax.grid(visible=False)
    return fig


def frequency_response(kernel, size: int = 16) -> np.ndarray:
    """How strongly a kernel (k, k) answers to waves: |Fourier transform| (size, size), zero frequency in the middle."""
    return np.abs(np.fft.fftshift(np.fft.fft2(kernel, (size, size))))
