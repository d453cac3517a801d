"""`plots.play`: controls where a reader is, still pictures where none is, and no more work a move than needed."""

import base64
import io

import matplotlib as mpl
import numpy as np
import pytest
from PIL import Image

from dlcourse import plots
from dlcourse.plots import playing

mpl.use("Agg")

ALT = "A straight line whose slope follows the slider."
CELL = f"""
from matplotlib.figure import Figure
from dlcourse import plots

figure = Figure(figsize=(3, 2), layout="constrained")
(line,) = figure.subplots().plot([0, 1], [0, 1])


def draw(slope):
    if slope == 3:
        raise ValueError("three is not allowed: it is 2 or less.")
    line.set_data([0, 1], [0, slope / 4])
    return figure, f"The slope is {{slope}}."


plots.play(draw, alt={ALT!r}, still=[{{}}, {{"slope": 2}}], slope=plots.Slider("slope", 0, 4, 1, 1))
"""


class Drawing:
    """A figure whose line follows a slope; counts how often it is asked."""

    def __init__(self):
        from matplotlib.figure import Figure

        self.figure = Figure(figsize=(3, 2), layout="constrained")
        (self.line,) = self.figure.subplots().plot([0, 1], [0, 1])
        self.asked = []

    def __call__(self, slope, colour="blue"):
        self.asked.append((slope, colour))
        if slope == 3:
            raise ValueError("three is not allowed: it is 2 or <less>.")
        if slope == 4:
            raise KeyError("four")
        self.line.set_data([0, 1], [0, slope / 4])
        return self.figure, f"The slope is {slope}, in {colour}."


@pytest.fixture
def displayed(monkeypatch):
    """What goes to the notebook: (data, metadata) of each output."""
    import IPython.display

    seen = []
    monkeypatch.setattr(
        IPython.display, "display", lambda data, raw, metadata=None: seen.append((data, metadata or {}))
    )
    return seen


@pytest.fixture
def controls():
    return {"slope": plots.Slider("slope", 0, 4, 1, 1), "colour": plots.Choice("colour", ["blue", "red"])}


def parts(box, kind):
    return [child for child in box.children if type(child).__name__ == kind]


def test_without_a_reader_the_chosen_pictures_stand_side_by_side(displayed, controls):
    draw = Drawing()
    plots.play(draw, alt=ALT, still=[{}, {"slope": 2, "colour": "red"}], **controls)
    ((data, metadata),) = displayed
    assert set(data) == {"image/png", "text/plain"}
    said = f"{ALT} The slope is 1, in blue. The slope is 2, in red."
    assert metadata["image/png"]["alt"] == data["text/plain"] == said
    sheet = np.asarray(Image.open(io.BytesIO(base64.b64decode(data["image/png"]))).convert("RGB"))
    left, right = sheet[:, :300], sheet[:, -300:]
    assert sheet.shape[1] == 2 * left.shape[1] + 12
    assert not np.array_equal(left, right)
    assert draw.asked == [(1, "blue"), (2, "red")]


def test_still_pictures_are_drawn_before_controls_could_move_the_same_figure(displayed, controls, monkeypatch):
    """JupyterLab handles moves in a second thread, from the moment the controls are shown."""
    draw = Drawing()
    shown_after = []
    monkeypatch.setattr(playing, "reader_is_there", lambda: True)
    monkeypatch.setattr(playing, "_show", lambda *given: shown_after.extend(draw.asked))
    plots.play(draw, alt=ALT, still=[{"slope": 2}], **controls)
    assert shown_after == [(2, "blue"), (1, "blue")]
    assert draw.asked == shown_after


def test_three_pictures_in_two_columns_leave_a_white_place(displayed, controls):
    plots.play(Drawing(), alt=ALT, still=[{}, {"slope": 0}, {"slope": 2}], **controls)
    sheet = np.asarray(Image.open(io.BytesIO(base64.b64decode(displayed[0][0]["image/png"]))).convert("RGB"))
    assert sheet.shape == (2 * (30 + 200) + 12, 2 * 300 + 12, 3)
    assert np.all(sheet[-230:, -300:] == 255)
    assert np.any(sheet[:30, :300] != 255), "the settings stand above each picture"


def test_settings_are_named_as_the_reader_sees_them():
    controls = {"rate": plots.Slider("rate α", 0, 1, 0.05, 0.1), "k": plots.Choice("top-k", {"off": None, "five": 5})}
    assert playing._settings(controls, {"rate": 0.15000000000000002, "k": None}) == "rate α: 0.15,  top-k: off"


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"alt": "a plot"}, "alt text says in a sentence"),
        ({"still": [{"slopes": 1}]}, "'slopes', which is no control: it is one of slope, colour"),
        ({"still": [{"slope": 7}]}, "slope=7, which is not allowed: it is from 0 to 4"),
        ({"still": [{"colour": "green"}]}, "colour='green', which is not allowed: it is one of 'blue', 'red'"),
        ({"still": []}, "at least one picture"),
        ({"columns": 0}, "columns=0"),
    ],
)
def test_what_cannot_be_shown_is_refused(displayed, controls, wrong, words):
    with pytest.raises(ValueError, match=words):
        plots.play(Drawing(), **{"alt": ALT} | wrong, **controls)
    assert displayed == []


def test_a_figure_without_controls_is_refused(displayed):
    with pytest.raises(ValueError, match="has at least one"):
        plots.play(Drawing(), alt=ALT)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: plots.Slider("x", 2, 1, 0.1, 1), "low=2 is not allowed: it is below high=1"),
        (lambda: plots.Slider("x", 0, 1, 0, 1), "step=0 is not allowed: it is positive"),
        (lambda: plots.Slider("x", 0, 1, 0.1, 2), "start=2 is not allowed: it is from 0 to 1"),
        (lambda: plots.Choice("x", []), "there is something to choose from"),
        (lambda: plots.Steps("x", [1, 2], 3), "start=3 is not allowed: it is one of 1, 2"),
    ],
)
def test_impossible_controls_are_refused(make, words):
    with pytest.raises(ValueError, match=words):
        make()


def test_controls_are_the_widgets_of_their_kind():
    whole, fine = plots.Slider("x", 0, 4, 1, 1).widget(), plots.Slider("x", 0, 4, 0.25, 1).widget()
    assert (type(whole).__name__, whole.readout_format) == ("IntSlider", "d")
    assert (type(fine).__name__, fine.readout_format) == ("FloatSlider", ".2f")
    chosen = plots.Choice("x", {"off": None, "five": 5}, 5).widget()
    assert (type(chosen).__name__, chosen.label, chosen.value) == ("Dropdown", "five", 5)
    steps = plots.Steps("x", [0.1, 1.0], 1.0).widget()
    assert (type(steps).__name__, steps.label, steps.description) == ("SelectionSlider", "1.0", "x")


def test_a_move_draws_once_and_adds_nothing_to_the_figure(controls):
    draw = Drawing()
    box = playing.panel(draw, ALT, controls)
    (slider,), (picture,) = parts(box, "IntSlider"), parts(box, "Image")
    artists, pictures = len(draw.figure.findobj()), [picture.value]
    for slope in (2, 0):
        slider.value = slope
        pictures.append(picture.value)
    assert draw.asked == [(1, "blue"), (2, "blue"), (0, "blue")]
    assert len(set(pictures)) == 3
    assert len(draw.figure.findobj()) == artists
    assert any(ALT in each.value for each in parts(box, "HTML")), "the words for those who do not see the picture"
    assert "slope is 0" in parts(box, "HTML")[-1].value


def test_the_axes_stay_where_they_were(controls):
    draw = Drawing()
    box = playing.panel(draw, ALT, controls)
    before = draw.figure.axes[0].get_position().bounds
    draw.figure.axes[0].set_ylabel("tall\nlabel")
    parts(box, "IntSlider")[0].value = 2
    assert draw.figure.axes[0].get_position().bounds == before


def test_what_goes_wrong_is_said_and_the_controls_go_on(controls):
    draw = Drawing()
    box = playing.panel(draw, ALT, controls)
    (slider,), (picture,), mistake = parts(box, "IntSlider"), parts(box, "Image"), parts(box, "HTML")[0]
    before = picture.value
    slider.value = 3
    assert "three is not allowed: it is 2 or &lt;less&gt;." in mistake.value
    assert picture.value == before
    slider.value = 4
    assert "KeyError: &#x27;four&#x27;" in mistake.value
    slider.value = 2
    assert mistake.value == ""
    assert picture.value != before


def test_back_to_the_start_draws_once(controls):
    draw = Drawing()
    box = playing.panel(draw, ALT, controls)
    parts(box, "IntSlider")[0].value, parts(box, "Dropdown")[0].value = 2, "red"
    draw.asked.clear()
    parts(box, "Button")[0].click()
    assert draw.asked == [(1, "blue")]


def test_nobody_is_there_outside_a_notebook():
    assert not playing.reader_is_there()


@pytest.fixture(scope="module")
def kernel():
    from jupyter_client.manager import start_new_kernel

    manager, client = start_new_kernel(kernel_name="python3", startup_timeout=300)
    yield client
    client.stop_channels()
    manager.shutdown_kernel(now=True)


def ran(client, code, allow_stdin):
    """The messages of a cell's run, as a front end gets them."""
    messages = []
    client.execute_interactive(code, allow_stdin=allow_stdin, output_hook=messages.append, timeout=300)
    assert not [each for each in messages if each["msg_type"] in ("error", "stream")]
    return messages


def outputs(messages):
    return [each["content"]["data"] for each in messages if each["msg_type"] == "display_data"]


@pytest.mark.slow
def test_a_program_that_executes_notebooks_gets_the_still_picture(kernel):
    (only,) = outputs(ran(kernel, CELL, allow_stdin=False))
    assert set(only) == {"image/png", "text/plain"}


@pytest.mark.slow
def test_a_front_end_gets_controls_that_move_the_picture(kernel):
    """A slider is moved as JupyterLab moves it, by a message; the picture's message comes back."""
    messages = ran(kernel, CELL, allow_stdin=True)
    shown, below = outputs(messages)
    assert shown["text/plain"] == "Controls, in JupyterLab: slope."
    assert "application/vnd.jupyter.widget-view+json" in shown
    assert "image/png" in below
    opened = {each["content"]["comm_id"]: each["content"]["data"]["state"] for each in messages if _opens(each)}
    slider = next(name for name, state in opened.items() if state["_model_name"] == "IntSliderModel")
    picture = next(name for name, state in opened.items() if state["_model_name"] == "ImageModel")
    assert picture_after(kernel, slider, picture, 2)
    assert not picture_after(kernel, slider, picture, 3)  # an error is said, and the picture stays
    assert picture_after(kernel, slider, picture, 0)


def _opens(message):
    return message["msg_type"] == "comm_open"


def picture_after(client, slider, picture, value):
    """Whether moving the slider to a value sends a new picture."""
    data = {"method": "update", "state": {"value": value}, "buffer_paths": []}
    moved = client.session.msg("comm_msg", {"comm_id": slider, "data": data})
    client.shell_channel.send(moved)
    found = False
    while True:
        message = client.get_iopub_msg(timeout=300)
        if message["parent_header"].get("msg_id") != moved["header"]["msg_id"]:
            continue
        content = message["content"]
        if message["msg_type"] == "status" and content["execution_state"] == "idle":
            return found
        if message["msg_type"] == "comm_msg" and content["comm_id"] == picture:
            found = "value" in str(content["data"].get("buffer_paths")) or found
