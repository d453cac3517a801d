"""The report's claims and the verdicts that the notebooks reach on them."""

import difflib
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from dlcourse import display
from dlcourse.course import session

HOLDS = "holds"
CAVEAT = "holds with a caveat"
CORRECTED = "corrected"
VERDICTS = (HOLDS, CAVEAT, CORRECTED)

_LOOK = {HOLDS: ("✔", "good"), CAVEAT: ("◐", "caveat"), CORRECTED: ("✎", "bad")}


@dataclass(frozen=True)
class Claim:
    """A statement of the report: what it says, in a sentence of ours, and the chapter that measures it.

    `also` names a later chapter that measures it again, by other means.
    """

    id: str
    chapter: str
    says: str
    also: str | None = None

    @property
    def chapters(self) -> tuple[str, ...]:
        """The chapters that measure it, each of which gives its own verdict."""
        return (self.chapter,) if self.also is None else (self.chapter, self.also)


@cache
def known_claims() -> dict[str, Claim]:
    """Every claim of the report by its id, in the report's order."""
    table = tomllib.loads((Path(__file__).parent / "claims.toml").read_text(encoding="utf-8"))
    return {name: Claim(name, **entry) for name, entry in table.items()}


def claim(id, verdict, because, *, records=(), source=None) -> None:
    """Show the verdict on one of the report's claims and store it in the cell's output.

    The verdict is decided by what the notebook measured, so compute it: `CAVEAT if gap > bar else HOLDS`.

    Args:
        id: the claim's id, such as "neuron-line-cut".
        verdict: `HOLDS`, `CAVEAT` ("holds with a caveat") or `CORRECTED`.
        because: one or two sentences with the figures measured; with a caveat, which one; corrected, what is true.
        records: names of the records of this run that it rests on.
        source: the paper or book that says what is true; needed when corrected.

    Raises:
        ValueError: an unknown id or verdict, a claim of another chapter, a record not made in this run, no reason,
            or a correction without a source.
    """
    entry = _find(id)
    run = session.current()
    _require(verdict in VERDICTS, f"claim {id!r}: the verdict is one of {', '.join(VERDICTS)}, not {verdict!r}.")
    _require(str(because).strip(), f"claim {id!r}: say why, with the figures measured.")
    _require(source or verdict != CORRECTED, f"claim {id!r} is corrected: name the source of what is true instead.")
    if run is not None:
        belongs = " and ".join(entry.chapters)
        _require(run.chapter.number in entry.chapters, f"claim {id!r} belongs to chapter {belongs}.")
        missing = [name for name in records if name not in run.figures]
        _require(not missing, f"claim {id!r} rests on records not made in this run: {', '.join(missing)}.")
    data = {
        "id": id,
        "chapter": entry.chapter if run is None else run.chapter.number,
        "verdict": verdict,
        "because": because,
        "records": list(records),
        "source": source,
    }
    mark, tone = _LOOK[verdict]
    cited = f" (Source: {source}.)" if source else ""
    text = f"“{entry.says}” {verdict.capitalize()}: {because}{cited}"
    display.publish(display.bundle(display.CLAIM, data, mark, f"Claim {id}.", text, tone))


def _find(name):
    if name in known_claims():
        return known_claims()[name]
    close = difflib.get_close_matches(name, known_claims(), n=1)
    raise ValueError(f"the report has no claim {name!r}{f': did you mean {close[0]!r}?' if close else '.'}")


def _require(condition, sentence):
    if not condition:
        raise ValueError(sentence)
