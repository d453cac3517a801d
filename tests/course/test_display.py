import re

from dlcourse import display


def text_nodes(html):
    """The pieces of text between tags: what JupyterLab looks for mathematics in, one by one."""
    return re.findall(r"[^<>]+(?=<)", html)


def test_an_amount_of_money_is_never_taken_for_mathematics():
    shown = display.bundle(display.RECORD, {}, "✔", "error", "= $1,200 ± $300; bar ≤ $2,000", "good")
    assert shown["text/plain"] == "✔ error = $1,200 ± $300; bar ≤ $2,000"
    assert max(piece.count("$") for piece in text_nodes(shown["text/html"])) == 1
    assert shown["text/html"].count("$") == 3


def test_markup_is_shown_as_it_is():
    shown = display.bundle(display.CLAIM, {}, "<", "a & b", "<script>", "bad")
    assert "<script>" not in shown["text/html"]
    assert "a &amp; b" in shown["text/html"]
