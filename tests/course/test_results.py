import pytest

from dlcourse import display
from dlcourse.course import record, results


def test_the_table_shows_this_runs_records_in_order(open_session, monkeypatch):
    published = []
    monkeypatch.setattr(display, "publish", published.append)
    open_session()
    record("first", 0.25, at_most=0.5, baseline={"chance": 0.75})
    record("second", [1.0, 3.0], unit="$")
    results()
    lines = published[-1]["text/markdown"].splitlines()
    assert lines[0] == "| measured | figure | bar | beside |"
    assert lines[2:] == [
        "| first | 0.25 | ≤ 0.5 | chance 0.75 |",
        r"| second | <span>\$</span>2 ± <span>\$</span>1.414 |  |  |",
    ]
    assert "| second | $2 ± $1.414 |" in published[-1]["text/plain"]


def test_a_run_without_records_says_what_to_do(open_session, no_session):
    with pytest.raises(ValueError, match="run start"):
        results()
    open_session()
    with pytest.raises(ValueError, match="nothing to show"):
        results()
