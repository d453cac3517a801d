"""Figures to play with: controls above a picture that follows them, and a still picture where nobody can turn them.

A notebook that is executed without a reader (nbclient, nbval, papermill, `dlcourse run`) keeps the still picture, so
that the stored notebook, GitHub and the site show something too. Whether somebody is there is read in the request that
runs the cell: JupyterLab and its like let a cell ask for input, programs that execute notebooks do not.
"""

import html
import io
import threading
from collections.abc import Callable, Sequence

from dlcourse.display import reader_may_be_asked
from dlcourse.plots.style import COLOURS, check_alt, publish

_GAP = 12  # pixels between still pictures
_COLOURS = 128  # in still pictures
_HEADING = 30  # pixels, of the words over one
_VIEW = "application/vnd.jupyter.widget-view+json"
# An image of ipywidgets has no alt text: the words stand before it, for those who do not see it only.
_UNSEEN = "position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap"
# Below the controls, a saved notebook keeps the still picture; as long as the controls live, it is not seen.
_STYLE = "<style>.jp-OutputArea-child:has(.dlcourse-play) + .jp-OutputArea-child {display: none}</style>"
_ALT = f'<span style="{_UNSEEN}">{{}}</span>'
_SENTENCE = '<div role="status" aria-live="polite" style="line-height:1.4;min-height:2.8em">{}</div>'
_MISTAKE = '<div role="alert" style="line-height:1.4;border-left:4px solid #D55E00;padding-left:.6em">{}</div>'


def play(draw: Callable, alt: str, still: Sequence[dict] = ({},), columns: int = 2, **controls) -> None:
    """Show a figure with controls, or a still picture of it where there is nobody to turn them.

    Args:
        draw: called as `draw(**values)` with a value for each control; returns a Matplotlib figure and a sentence that
            says what is seen with these values. A quick one makes its figure once and then changes its lines only
            (`line.set_data`): it is called at every move.
        alt: what the figure shows, in a sentence or two, for a reader who cannot see it. The sentences of `draw` are
            put after it.
        still: the values of the still pictures, a dictionary each; what is left out stands at its start.
        columns: how many still pictures stand side by side.
        controls: `Slider`, `Steps` or `Choice`, each under the name that `draw` gives its value.

    Raises:
        ValueError: the alt text is too short, there is no control, or a still picture has a value that no control
            allows.
    """
    check_alt(alt)
    if not controls:
        raise ValueError("controls={} is not allowed: play(draw, alt=…, name=Slider(…)) has at least one.")
    pictures = [_values(controls, each) for each in still]
    if not pictures or columns < 1:
        raise ValueError(f"still={still!r}, columns={columns!r} are not allowed: at least one picture in one column.")
    raw, said = _still(draw, pictures, columns, controls)  # before the controls, which move the same figure
    if reader_is_there():
        _show(panel(draw, alt, controls), controls)
    publish(raw, " ".join([alt.strip(), *dict.fromkeys(said)]), _COLOURS)


def reader_is_there() -> bool:
    """Whether the cell that is running was run by somebody in a notebook, who could turn controls."""
    from importlib.util import find_spec

    from IPython.core.getipython import get_ipython

    kernel = getattr(get_ipython(), "kernel", None)
    if kernel is None or find_spec("ipywidgets") is None:
        return False
    return reader_may_be_asked(kernel)


def panel(draw: Callable, alt: str, controls: dict):
    """The controls, what went wrong, the picture and its sentence, as one ipywidgets box.

    JupyterLab has moves handled in a thread beside the one that runs cells, hence the lock.
    """
    import ipywidgets

    turned = {name: control.widget() for name, control in controls.items()}
    # No tooltip on the picture: ipywidgets 8 then looks for a description, which an image has not, and shows nothing.
    picture = ipywidgets.Image(format="png", layout={"max_width": "100%", "object_fit": "contain"})
    sentence, mistake = ipywidgets.HTML(), ipywidgets.HTML()
    words = ipywidgets.HTML(_STYLE + _ALT.format(html.escape(alt)))
    back = ipywidgets.Button(description="Back to the start", layout={"width": "12em", "margin": "2px 0 6px 11.6em"})
    held, one_at_a_time = [], threading.Lock()

    def follow(_=None):
        if held:
            return
        with one_at_a_time:
            try:
                figure, said = draw(**{name: widget.value for name, widget in turned.items()})
                drawn = live_png(figure)
            except Exception as error:
                mistake.value = _MISTAKE.format(html.escape(_said(error)))
                return
        picture.value, sentence.value = drawn, _SENTENCE.format(html.escape(said))
        if mistake.value:
            mistake.value = ""

    def reset(_):
        held.append(True)
        for name, widget in turned.items():
            widget.value = controls[name].start
        held.clear()
        follow()

    for widget in turned.values():
        widget.observe(follow, names="value")
    back.on_click(reset)
    follow()
    box = ipywidgets.VBox([*turned.values(), back, mistake, words, picture, sentence])
    box.add_class("dlcourse-play")
    return box


def live_png(figure) -> bytes:
    """The figure as PNG, packed for speed. Where things stand is settled the first time: a move shifts no axis."""
    from PIL import Image

    packed = io.BytesIO()
    Image.fromarray(_pixels(figure)).save(packed, format="png", compress_level=1)
    return packed.getvalue()


def _pixels(figure):
    """The figure as an array (height, width, 3) of bytes."""
    import numpy as np
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    canvas = figure.canvas if isinstance(figure.canvas, FigureCanvasAgg) else FigureCanvasAgg(figure)
    canvas.draw()
    figure.set_layout_engine("none")
    return np.asarray(canvas.buffer_rgba())[..., :3].copy()


def _show(box, controls):
    from IPython.display import display

    names = ", ".join(control.label for control in controls.values())
    display({_VIEW: box._repr_mimebundle_()[_VIEW], "text/plain": f"Controls, in JupyterLab: {names}."}, raw=True)


def _still(draw, pictures, columns, controls):
    """The still pictures in one PNG, and the sentence of each."""
    from PIL import Image

    drawn, sentences = [], []
    for values in pictures:
        figure, said = draw(**values)
        pixels = _pixels(figure)
        drawn.append(_stacked(_heading(_settings(controls, values), pixels.shape[1], figure.dpi), pixels))
        sentences.append(said)
    raw = io.BytesIO()
    Image.fromarray(_grid(drawn, columns)).save(raw, format="png")
    return raw, sentences


def _settings(controls, values):
    """Where each control stands, in words."""
    return ",  ".join(f"{control.label}: {control.read(values[name])}" for name, control in controls.items())


def _heading(words, width, dpi):
    """Words over a still picture, as pixels."""
    from matplotlib.figure import Figure

    strip = Figure(figsize=(width / dpi, _HEADING / dpi), dpi=dpi)
    size = min(12, 150 * width / dpi / max(len(words), 1))
    strip.text(0.008, 0.3, words, fontsize=size, weight="bold", color=COLOURS["vermillion"])
    return _pixels(strip)


def _stacked(above, below):
    import numpy as np

    return np.concatenate([above[:, : below.shape[1]], below])


def _grid(pictures, columns):
    """Pictures in rows of `columns`, on white."""
    import numpy as np

    columns = min(columns, len(pictures))
    rows = -(-len(pictures) // columns)
    height = max(len(each) for each in pictures)
    width = max(each.shape[1] for each in pictures)
    sheet = np.full((rows * (height + _GAP) - _GAP, columns * (width + _GAP) - _GAP, 3), 255, np.uint8)
    for place, each in enumerate(pictures):
        top, left = place // columns * (height + _GAP), place % columns * (width + _GAP)
        sheet[top : top + each.shape[0], left : left + each.shape[1]] = each
    return sheet


def _values(controls, given):
    """A value for every control: the given ones, and the starts of the others."""
    for name, value in given.items():
        if name not in controls:
            raise ValueError(f"still names {name!r}, which is no control: it is one of {', '.join(controls)}.")
        if not controls[name].allows(value):
            raise ValueError(f"still has {name}={value!r}, which is not allowed: it is {controls[name].allowed}.")
    return {name: given.get(name, control.start) for name, control in controls.items()}


def _said(error):
    """What went wrong, in one line: a ValueError is a sentence already."""
    text = str(error).strip().split("\n")[0]
    return text if isinstance(error, ValueError) and text else f"{type(error).__name__}: {text}".rstrip(": ")
