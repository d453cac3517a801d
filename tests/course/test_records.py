import json
import math

import pytest

from dlcourse import display
from dlcourse.course import records, session
from dlcourse.course.records import BarMissed, record


@pytest.fixture
def shown(monkeypatch):
    """The bundles published, in order."""
    published = []
    monkeypatch.setattr(display, "publish", published.append)
    return published


def test_a_figure_within_its_bar_is_shown_and_stored(open_session, shown):
    open_session(seed=3)
    record("error", 0.18, at_most=0.2, baseline={"mean": 0.4}, unit="log $")
    data = shown[0][display.RECORD]
    assert shown[0]["text/plain"] == "✔ error = 0.18 log $; bar ≤ 0.2 log $: held; beside mean 0.4 log $"
    assert (data["chapter"], data["seed"], data["device"], data["holds"]) == ("01", 3, "CPU, test", True)
    assert data["seconds"] >= 0


@pytest.mark.parametrize(("value", "bar"), [(0.3, {"at_most": 0.2}), (0.3, {"at_least": 0.4})])
def test_a_figure_outside_its_bar_fails_after_it_was_shown(open_session, shown, value, bar):
    open_session()
    with pytest.raises(BarMissed, match=r"error = 0\.3.*MISSED"):
        record("error", value, **bar)
    assert shown[0][display.RECORD]["holds"] is False


def test_a_bar_is_met_at_the_bar_itself(open_session, shown):
    open_session()
    record("error", 0.2, at_least=0.2, at_most=0.2)
    assert shown[0][display.RECORD]["holds"] is True


def test_with_changed_parameters_a_missed_bar_is_only_shown(open_session, shown, tiny_course):
    open_session(epochs=1)
    record("error", 0.3, at_most=0.2)
    data = shown[0][display.RECORD]
    assert (data["holds"], data["enforced"], data["changed"]) == (False, False, {"epochs": 1})


def test_the_environment_decides_over_the_parameters(open_session, shown, tiny_course, monkeypatch):
    monkeypatch.setenv("DLCOURSE_BARS", "enforce")
    open_session(epochs=1)
    with pytest.raises(BarMissed):
        record("error", 0.3, at_most=0.2)
    monkeypatch.setenv("DLCOURSE_BARS", "show")
    open_session(epochs=3)
    record("error", 0.3, at_most=0.2)
    assert shown[-1][display.RECORD]["enforced"] is False


def test_a_wrong_environment_is_named(open_session, monkeypatch):
    monkeypatch.setenv("DLCOURSE_BARS", "off")
    with pytest.raises(Exception, match="'enforce' or 'show', not 'off'"):
        open_session()


@pytest.mark.parametrize("value", [math.nan, math.inf, [0.1, math.nan]])
def test_a_figure_that_is_not_finite_always_fails_and_stays_json(open_session, shown, value, monkeypatch):
    monkeypatch.setenv("DLCOURSE_BARS", "show")
    open_session()
    with pytest.raises(BarMissed):
        record("error", value)
    assert json.loads(json.dumps(shown[0][display.RECORD], allow_nan=False))["value"] is None


def test_several_runs_show_their_spread(open_session, shown):
    open_session()
    record("error", [0.1, 0.2, 0.3], at_most=0.25)
    data = shown[0][display.RECORD]
    assert data["value"] == pytest.approx(0.2)
    assert data["spread"] == pytest.approx(0.1)
    assert "0.2 ± 0.1 (3 runs)" in shown[0]["text/plain"]


def test_markup_in_a_name_is_escaped(open_session, shown):
    open_session()
    record("<b>x</b>", 1)
    assert "<b>x</b>" not in shown[0]["text/html"]


@pytest.mark.parametrize(("arguments", "sentence"), [([[]], "no value"), ([1.0], "is above")])
def test_bad_arguments_are_named(no_session, shown, arguments, sentence):
    with pytest.raises(ValueError, match=sentence):
        record("error", *arguments, at_least=2, at_most=1)


def test_a_record_outside_a_chapter_still_works(no_session, shown):
    record("error", 1.0)
    assert shown[0][display.RECORD]["chapter"] is None
    assert session.current() is None


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0.123456, "", "0.1235"),
        (98765.4, "$", "$98,765"),
        (-5.25, "$", "-$5.25"),
        (87.5, "%", "87.5 %"),
        (1e-9, "", "1e-09"),
    ],
)
def test_numbers_are_shown_to_four_digits(value, unit, text):
    assert records.number(value, unit) == text
