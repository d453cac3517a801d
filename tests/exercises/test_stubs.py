"""Which answers are still the stub that the notebook came with."""

import functools

import pytest

from dlcourse.exercises.stub import is_untouched, open_place


def doc_and_ellipsis(x):
    """The task."""
    ...


def doc_only(x):
    """The task."""


def passes(x, y=1):
    # your code here
    pass


def returns_ellipsis(x: float) -> float:
    return ...


def raises(x):
    raise NotImplementedError


def raises_with_text(x):
    """The task."""
    raise NotImplementedError("write me")


def blank_lines(x):
    """The task."""
    mean = ...
    spread: float = ...
    return mean, spread


async def waits(x): ...


class BlankClass:
    def __init__(self):
        pass

    def predict(self, X):
        """The task."""
        ...


@functools.wraps(doc_only)
def wrapped(*inputs):
    return doc_only(*inputs)


UNTOUCHED = [doc_and_ellipsis, doc_only, passes, returns_ellipsis, raises, raises_with_text, blank_lines, waits]


@pytest.mark.parametrize("answer", [*UNTOUCHED, BlankClass, wrapped, lambda x: ..., ..., None])
def test_a_stub_is_untouched(answer):
    assert is_untouched(answer)


def test_a_stub_without_source_is_known_by_its_bytecode():
    for body in [
        "...",
        "pass",
        "return ...",
        "raise NotImplementedError",
        "raise NotImplementedError('write')",
        "'doc'",
    ]:
        space = {}
        exec(f"def f(x, y=2): {body}", space)
        assert is_untouched(space["f"]), body


def test_an_attempt_without_source_is_an_attempt():
    for body in ["return x", "return None if x else 1", "raise ValueError", "x += 1", "return 'text'"]:
        space = {}
        exec(f"def f(x, y=2): {body}", space)
        assert not is_untouched(space["f"]), body


def one_of_two(x):
    """The task."""
    mean = x / 2
    spread = ...
    return mean, spread


def other_return(x):
    mean = ...
    return mean + x


def ellipsis_as_index(x):
    return x[..., 0]


class HalfClass:
    def fit(self, X):
        self.mean = X.mean()

    def predict(self, X): ...


@pytest.mark.parametrize(
    "answer", [one_of_two, other_return, ellipsis_as_index, HalfClass, lambda x: None, abs, len, 3, "...", object()]
)
def test_an_attempt_is_no_stub(answer):
    assert not is_untouched(answer)


def test_the_line_that_still_waits_is_found():
    assert open_place(one_of_two) == 4
    assert open_place(other_return) == 2
    assert open_place(ellipsis_as_index) is None
    assert open_place(len) is None
