"""Ways timed in turn, and their ratios."""

from types import SimpleNamespace

import numpy as np
import pytest

from dlcourse.training import timing
from dlcourse.training.timing import SideBySide, ratio, side_by_side


def test_ways_take_turns_forwards_and_backwards():
    calls = []
    measured = side_by_side({name: lambda name=name: calls.append(name) for name in "abc"}, repetitions=3)
    assert "".join(calls) == "abc" + "cba" + "abc" + "cba"
    assert {name: each.shape for name, each in measured.seconds.items()} == dict.fromkeys("abc", (3,))


def test_times_are_those_of_the_clocks_without_the_warm_up(monkeypatch):
    now = {"wall": 0.0, "processor": 0.0}
    clocks = {"perf_counter": lambda: now["wall"], "process_time": lambda: now["processor"]}
    monkeypatch.setattr(timing, "time", SimpleNamespace(**clocks))
    wanted = iter([100, 3, 6, 9])

    def work():
        seconds = next(wanted)
        now["wall"] += seconds
        now["processor"] += 2 * seconds

    measured = side_by_side({"work": work}, repetitions=3)
    assert list(measured.seconds["work"]) == [3, 6, 9]
    assert list(measured.processor["work"]) == [6, 12, 18]
    assert measured.median("work") == 6


def test_a_ratio_is_taken_within_each_round():
    seconds = {"slow": np.array([2.0, 40.0, 6.0]), "fast": np.array([1.0, 10.0, 3.0])}  # the second round was disturbed
    measured = SideBySide(seconds, processor={name: np.ones(3) for name in seconds})
    assert measured.speedup("fast", over="slow").median == 2.0
    assert measured.ratio("fast", "slow").median == 0.5
    assert measured.ratio("fast", "slow", processor=True).median == 1.0


def test_a_ratio_in_words():
    assert str(ratio([1.0, 2.0, 3.0, 4.0, 5.0], [1.0] * 5)) == "3 (2 to 4)"


@pytest.mark.parametrize(("ways", "repetitions"), [({}, 3), ({"a": int}, 0)])
def test_nothing_to_time(ways, repetitions):
    with pytest.raises(ValueError, match="at least one way and one repetition"):
        side_by_side(ways, repetitions)
