"""How well spans are found: F1 by seqeval, with the reading of ill-formed tags stated."""

from collections.abc import Sequence

from dlcourse.text.bio import MODES

Tags = Sequence[Sequence[str]]


def span_f1(truth: Tags, predictions: Tags, *, mode: str = "strict") -> float:
    """F1 of spans, all types together: one counts as found if type, first and last token are right.

    Args:
        truth, predictions: BIO tags, a sequence a sentence.
        mode: how tags that no spans give are read: "strict" (a span begins with B) or "default" (a stray I begins one
            too, as in conlleval, which gives other figures). `bio_to_spans` explains.

    Raises:
        ValueError: an unknown mode, or sentences that do not match.

    Example:
        >>> span_f1([["B-person", "I-person", "O"]], [["B-person", "O", "O"]])  # half a name is none
        0.0
    """
    return span_scores(truth, predictions, mode=mode)["all"]["f1"]


def span_scores(truth: Tags, predictions: Tags, *, mode: str = "strict") -> dict[str, dict[str, float]]:
    """`{type: {"precision", "recall", "f1", "spans"}}`, and under "all" that of all spans together.

    A type is listed if it is among the true spans; wrong spans of other types count in "all". Arguments and errors as
    in `span_f1`.
    """
    from seqeval.metrics import classification_report
    from seqeval.scheme import IOB2

    if mode not in MODES:
        raise ValueError(f"mode is {mode!r} and must be one of {', '.join(MODES)}.")
    truth, predictions = [list(tags) for tags in truth], [list(tags) for tags in predictions]
    if [len(tags) for tags in truth] != [len(tags) for tags in predictions]:
        raise ValueError(
            "truth and predictions have different sentences: as many tags are needed, sentence by sentence."
        )
    strict = {"mode": "strict", "scheme": IOB2} if mode == "strict" else {}
    report = classification_report(truth, predictions, output_dict=True, zero_division=0, **strict)
    totals = {"micro avg": "all"}
    names = [name for name in report if not name.endswith(" avg") and report[name]["support"]]
    return {totals.get(name, name): _row(report[name]) for name in (*names, "micro avg")}


def _row(row: dict) -> dict[str, float]:
    named = {"precision": "precision", "recall": "recall", "f1": "f1-score", "spans": "support"}
    return {ours: float(row[theirs]) for ours, theirs in named.items()}
