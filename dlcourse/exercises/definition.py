"""What an exercise is: the task, how an answer is judged, and what a learner can ask for."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

KINDS = ("implement", "predict", "investigate")
_ID = re.compile(r"\d\d\.[1-9]\d?")


@dataclass(frozen=True)
class Case:
    """One call of the learner's function: its inputs, in order, and what is special about them."""

    inputs: tuple
    note: str = ""


def case(*inputs: Any, note: str = "") -> Case:
    """The case that calls the answer with `inputs`; `note` completes "for …", as in "a single example"."""
    return Case(inputs, note)


def drawn(draw: Callable[[np.random.Generator], tuple], times: int = 3, seed: int = 0) -> list[Case]:
    """Make `times` cases of random inputs: `draw(rng)` returns the tuple of one case's inputs; the same every run."""
    return [Case(tuple(draw(np.random.default_rng([seed, i])))) for i in range(times)]


@dataclass(frozen=True)
class Mistake:
    """A typical wrong answer, and the sentence for the learner who gives it.

    `wrong` is a function where the exercise wants one, else a value. In a value exercise `when(answer)` may widen
    the mistake from that value to all those for which it is true.
    """

    wrong: Any
    sentence: str
    when: Callable[[Any], bool] | None = None


@dataclass(frozen=True, kw_only=True)
class Exercise:
    """One exercise; with `cases` the answer is a function, without them a value.

    solution: the right function, whose source `solution(id)` shows; in a value exercise the value, or a function of
        no arguments that works it out.
    reference: an independent right function to compare with, if the solution shown is not to be it.
    judge: `judge(got, expected, *inputs)` returns None for a right result, else a sentence; replaces comparison with
        the reference where several results are right. In a value exercise there are no inputs.
    properties: functions `(got, *inputs)` that return None, or a sentence about what a wrong result violates.
    call: `call(answer, *inputs)`, where an answer (a class, say) is used otherwise than by `answer(*inputs)`.
    choices: the texts to choose from, in a multiple-choice exercise.
    otherwise: the sentence for a wrong value that is no typical mistake; it does not give the answer away.
    tolerance: relative to each expected number; results in single precision are given at least 1e-4.
    seconds: the time limit for all cases together.

    Raises ValueError when the parts do not fit each other.
    """

    id: str
    title: str
    task: str
    solution: Any
    why: str
    kind: str = "implement"
    cases: Sequence[Case] = ()
    mistakes: Sequence[Mistake] = ()
    hints: Sequence[str] = ()
    reference: Callable | None = None
    judge: Callable[..., str | None] | None = None
    properties: Sequence[Callable[..., str | None]] = ()
    call: Callable | None = None
    choices: Sequence[str] = ()
    otherwise: str = ""
    tolerance: float = 1e-6
    seconds: float = 5.0
    may_change_inputs: bool = False

    def __post_init__(self):
        if not _ID.fullmatch(self.id):
            raise ValueError(f"id must be a chapter and a number such as '01.1', not {self.id!r}")
        if self.kind not in KINDS:
            raise ValueError(f"kind of exercise {self.id} must be one of {', '.join(KINDS)}, not {self.kind!r}")
        if self.cases and not callable(self.solution):
            raise ValueError(f"solution of exercise {self.id} must be a function, because the exercise has cases")
        if not self.cases and self.kind == "implement":
            raise ValueError(f"cases of exercise {self.id} are missing: kind 'implement' needs at least one")
        if self.cases and any(mistake.when or not callable(mistake.wrong) for mistake in self.mistakes):
            raise ValueError(f"each mistake of exercise {self.id} must be a function without `when`: it has cases")

    @property
    def chapter(self) -> str:
        """The two digits of the chapter."""
        return self.id[:2]

    @property
    def wants_function(self) -> bool:
        """Whether the answer is a function; else it is a value."""
        return bool(self.cases)

    @property
    def value(self) -> Any:
        """The right value of a value exercise."""
        return self.solution() if callable(self.solution) else self.solution

    def expected(self, inputs: tuple) -> Any:
        """The right result for these inputs, in an exercise that wants a function."""
        return self.use(self.reference or self.solution, inputs)

    def use(self, answer: Callable, inputs: tuple) -> Any:
        """Use an answer on these inputs."""
        return self.call(answer, *inputs) if self.call else answer(*inputs)
