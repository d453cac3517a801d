"""To play with: how long a recurrent network remembers, where a head looks, and the next word's probabilities."""

import numpy as np

from dlcourse.plots.style import COLOURS

_FORGOTTEN = 0.01  # of the gradient: below it we call a step forgotten
_FLOOR = 1e-12


def memory(norms: dict):
    """What is left of a gradient so many steps back, one curve for each setting that was measured.

    Args:
        norms: values of the controls, as a tuple in their order, to the norm at each lag, (lags + 1,).

    Returns:
        `draw(**values)` for `plots.play`; all other curves stay pale behind it.
    """
    from matplotlib.collections import LineCollection
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, 4), layout="constrained")
    ax = figure.subplots()
    curves = {key: np.clip(np.asarray(each, float), _FLOOR, 1 / _FLOOR) for key, each in norms.items()}
    longest = max(map(len, curves.values()))
    pale = [np.column_stack([np.arange(len(each)), each]) for each in curves.values()]
    ax.add_collection(LineCollection(pale, colors=COLOURS["grey"], linewidths=0.8, alpha=0.35))
    (line,) = ax.semilogy([], [], color=COLOURS["blue"], linewidth=3)
    ax.axhline(_FORGOTTEN, color=COLOURS["vermillion"], linestyle="--", linewidth=1.2)
    ax.text(longest - 1, _FORGOTTEN * 1.4, "a hundredth", ha="right", color=COLOURS["vermillion"], fontsize=11)
    (mark,) = ax.plot([], [], "o", color=COLOURS["vermillion"], markersize=10)
    ax.set(xlabel="steps back", ylabel="norm of the gradient", xlim=(0, longest - 1), ylim=(1e-8, 1e6))

    def draw(**values):
        key = tuple(values.values())
        if key not in curves:
            raise ValueError(f"{key} was not measured: it is one of {', '.join(map(str, curves))}.")
        curve = curves[key]
        lags = np.arange(len(curve))
        line.set_data(lags, curve)
        below = np.flatnonzero(curve < _FORGOTTEN)
        mark.set_data(*([below[:1], curve[below[:1]]] if len(below) else [[], []]))
        setting = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in values.items())
        ax.set_title(setting)
        return figure, f"{setting}: {_remembered(curve, below)}"

    return draw


def _remembered(curve, below):
    if len(below):
        return f"after {below[0]} steps less than a hundredth of the gradient is left."
    if curve[-1] > 100:
        return f"after {len(curve) - 1} steps the gradient is {curve[-1]:.0e} times as long: it explodes."
    return f"after {len(curve) - 1} steps {curve[-1]:.2g} of the gradient is left."


def attention_heads(weights, looked_at, looking=None, top=3):
    """Where one word of a sentence looks, in one head of one layer.

    Args:
        weights: the attention, (layers, heads, looking, looked at); each row adds up to 1. With one layer
            (heads, looking, looked at) will do.
        looked_at: the words that keys and values come from.
        looking: the words that ask; by default the same ones.
        top: how many of the words looked at the sentence names.

    Returns:
        `draw(layer, head, word)` for `plots.play`, counted from 0; `draw(head, word)` where there is one layer.

    Raises:
        ValueError: the words do not fit the weights.
    """
    from matplotlib.figure import Figure
    from matplotlib.patches import Rectangle

    weights = np.asarray(weights, float)
    weights = weights if weights.ndim == 4 else weights[None]
    looking = looked_at if looking is None else looking
    if weights.ndim != 4 or weights.shape[2:] != (len(looking), len(looked_at)):
        raise ValueError(
            f"weights of shape {weights.shape} are not allowed: they end in ({len(looking)}, {len(looked_at)}), "
            "the words that look and those looked at."
        )
    figure = Figure(figsize=(9, 4.4), layout="constrained")
    table, bars = figure.subplots(1, 2, width_ratios=(1.25, 1))
    cells = table.imshow(weights[0, 0], cmap="Blues", vmin=0, vmax=1, aspect="auto")
    table.set_xticks(range(len(looked_at)), looked_at, rotation=60, ha="right", fontsize=10)
    table.set_yticks(range(len(looking)), looking, fontsize=10)
    table.grid(visible=False)
    frame = table.add_patch(Rectangle((-0.5, -0.5), len(looked_at), 1, fill=False, ec=COLOURS["vermillion"], lw=2))
    held = bars.barh(range(len(looked_at)), np.zeros(len(looked_at)), color=COLOURS["blue"])
    bars.set_yticks(range(len(looked_at)), looked_at, fontsize=10)
    bars.set(xlim=(0, 1), xlabel="weight")
    bars.invert_yaxis()

    def draw(head, word, layer=0):
        row = weights[layer, head, word]
        cells.set_data(weights[layer, head])
        frame.set_y(word - 0.5)
        for patch, value in zip(held, row, strict=True):
            patch.set_width(value)
        which = f"layer {layer + 1}, head {head + 1}" if len(weights) > 1 else f"head {head + 1}"
        table.set_title(f"Rows look at columns: {which}")
        bars.set_title(f"“{looking[word]}” looks at")
        best = np.argsort(-row)[:top]
        told = ", ".join(f"“{looked_at[k]}” ({row[k]:.2f})" for k in best)
        return figure, f"In {which}, “{looking[word]}” looks most at {told}."

    return draw


def next_word(logits, words, probabilities, shown: int = 16):
    """The probabilities of the next word, before and after temperature, top-k and top-p.

    Args:
        logits: the scores of all words, (vocabulary,).
        words: their names, as many.
        probabilities: `probabilities(logits, temperature, top_k, top_p)`, (vocabulary,): what sampling draws from.
            `top_k` and `top_p` are None where the slider stands at "off".
        shown: how many of the likeliest words are drawn.

    Returns:
        `draw(temperature, top_k, top_p)` for `plots.play`.

    Raises:
        ValueError: there are not as many words as scores.
    """
    from matplotlib.figure import Figure

    logits = np.asarray(logits, float).ravel()
    if len(words) != len(logits):
        raise ValueError(f"{len(words)} words are not allowed: there are {len(logits)} scores.")
    order = np.argsort(-logits)[:shown]
    plain = np.exp(logits - logits.max())
    plain /= plain.sum()
    figure = Figure(figsize=(8, 4.2), layout="constrained")
    ax = figure.subplots()
    places = np.arange(len(order))
    ax.bar(places, plain[order], 0.8, color=COLOURS["grey"], alpha=0.35, label="as the model says")
    held = ax.bar(places, plain[order], 0.5, color=COLOURS["blue"], label="as it is drawn")
    ax.set_xticks(places, [repr(str(words[k]))[1:-1] or "␣" for k in order], rotation=45, ha="right", fontsize=11)
    ax.set(ylabel="probability", ylim=(0, 1))
    ax.legend(loc="upper right")

    def draw(temperature, top_k=None, top_p=None):
        now = np.asarray(probabilities(logits, temperature, top_k, top_p), float).ravel()
        for patch, value in zip(held, now[order], strict=True):
            patch.set_height(value)
        possible = now[now > 1e-9]
        bits = float(-np.sum(possible * np.log2(possible)))
        cut = ", ".join(f"{name} {value}" for name, value in (("top-k", top_k), ("top-p", top_p)) if value is not None)
        setting = f"temperature {temperature:g}" + (f", {cut}" if cut else "")
        ax.set_title(setting)
        return figure, (
            f"{setting[:1].upper()}{setting[1:]}: {len(possible):,} words can be drawn, the likeliest "
            f"with {now.max():.2f}; a draw holds {bits:.1f} bits of surprise."
        )

    return draw
