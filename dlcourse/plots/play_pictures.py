"""To play with: a kernel of nine numbers on a photograph."""

import numpy as np

from dlcourse.plots.style import COLOURS

# A kernel is put together from these; the answer to a sum of kernels is the sum of the answers.
PARTS = {
    "middle": np.array([[0.0, 0, 0], [0, 1, 0], [0, 0, 0]]),
    "beside": np.array([[0.0, 1, 0], [1, 0, 1], [0, 1, 0]]),
    "corners": np.array([[1.0, 0, 1], [0, 0, 0], [1, 0, 1]]),
    "rightwards": np.array([[-1.0, 0, 1], [-2, 0, 2], [-1, 0, 1]]),
    "downwards": np.array([[-1.0, -2, -1], [0, 0, 0], [1, 2, 1]]),
}


def kernel(picture, correlate):
    """A kernel with its numbers, a picture, and the picture that the kernel makes of it.

    Args:
        picture: brightness from 0 to 1, (height, width).
        correlate: `correlate(picture, kernel)`, of the picture's shape; asked once for each of `PARTS`, because
            filtering is linear.

    Returns:
        `draw(middle, beside, corners, rightwards, downwards)` for `plots.play`: how much of each part is in the kernel.
    """
    from matplotlib.figure import Figure

    answers = {name: np.asarray(correlate(picture, part)) for name, part in PARTS.items()}
    figure = Figure(figsize=(9.6, 2.9), layout="constrained")
    left, middle_ax, right = figure.subplots(1, 3, width_ratios=(0.66, 1, 1))
    cells = left.imshow(np.zeros((3, 3)), cmap="RdBu_r", vmin=-4, vmax=4)
    texts = [[left.text(j, i, "", ha="center", va="center", fontsize=14) for j in range(3)] for i in range(3)]
    middle_ax.imshow(picture, cmap="gray", vmin=0, vmax=1, interpolation="nearest")
    answer = right.imshow(picture, cmap="gray", vmin=0, vmax=1, interpolation="nearest")
    for ax, title in ((left, "kernel"), (middle_ax, "photograph"), (right, "answer")):
        ax.set(xticks=[], yticks=[], title=title)
        ax.grid(visible=False)
        ax.spines[:].set_visible(False)

    def draw(**shares):
        together = sum(share * PARTS[name] for name, share in shares.items())
        cells.set_data(together)
        for (i, j), value in np.ndenumerate(together):
            texts[i][j].set_text(f"{value:.3g}")
            texts[i][j].set_color("white" if abs(value) > 2.4 else COLOURS["black"])
        found = sum(share * answers[name] for name, share in shares.items())
        total = float(together.sum())
        signed = abs(total) < 0.05
        answer.set_data(found)
        answer.set_clim(*((-1, 1) if signed else (0, max(1.0, total))))
        return figure, _told(total, signed, float(np.mean(np.abs(found))))

    return draw


def _told(total, signed, mean):
    if signed:
        return f"The nine numbers add up to 0: an even area gives 0 (grey). Mean size of the answer: {mean:.2f}."
    return f"The nine numbers add up to {total:.2g}: an even area comes out {total:.2g} times as bright."
