import pytest

from dlcourse import display
from dlcourse.course.claims import CAVEAT, CORRECTED, HOLDS, claim, known_claims
from dlcourse.course.records import record
from dlcourse.course.syllabus import find_chapter


@pytest.fixture
def shown(monkeypatch):
    published = []
    monkeypatch.setattr(display, "publish", published.append)
    return published


def test_every_claim_names_a_chapter_and_a_sentence():
    for entry in known_claims().values():
        assert [find_chapter(number).number for number in entry.chapters] == list(entry.chapters)
        assert entry.says.endswith(".")


def test_a_claim_measured_twice_gets_a_verdict_in_each_chapter(open_session, shown):
    for number in ("06", "24"):
        open_session(number)
        claim("gpu-parallel", HOLDS, "it was faster.")
    assert [each[display.CLAIM]["chapter"] for each in shown] == ["06", "24"]
    open_session("07")
    with pytest.raises(ValueError, match="belongs to chapter 06 and 24"):
        claim("gpu-parallel", HOLDS, "it was faster.")


def test_a_verdict_is_shown_and_stored(open_session, shown):
    open_session()
    record("gap", 0.0)
    claim("neuron-line-cut", HOLDS, "the two predictions differ by 0.", records=["gap"])
    assert shown[1]["text/plain"].startswith("✔ Claim neuron-line-cut.")
    assert shown[1][display.CLAIM]["records"] == ["gap"]


def test_a_correction_names_its_source(open_session, shown):
    open_session("00")
    with pytest.raises(ValueError, match="name the source"):
        claim("dates", CORRECTED, "BERT appeared in 2018.")
    claim("dates", CORRECTED, "BERT appeared in 2018.", source="Devlin et al., 2018")
    assert "(Source: Devlin et al., 2018.)" in shown[0]["text/plain"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("neuron-line-cutt", HOLDS, "x"), "did you mean 'neuron-line-cut'"),
        (("neuron-line-cut", "true", "x"), "the verdict is one of holds"),
        (("neuron-line-cut", CAVEAT, " "), "say why"),
        (("dates", HOLDS, "x"), "belongs to chapter 00"),
    ],
)
def test_a_claim_that_cannot_be_is_refused(open_session, shown, arguments, sentence):
    open_session()
    with pytest.raises(ValueError, match=sentence):
        claim(*arguments)


def test_a_claim_rests_on_records_of_the_same_run(open_session, shown):
    open_session()
    with pytest.raises(ValueError, match="not made in this run: gap"):
        claim("neuron-line-cut", HOLDS, "x", records=["gap"])
