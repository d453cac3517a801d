"""Text without accents."""

import pytest

from dlcourse.text import plain_letters


@pytest.mark.parametrize(
    ("text", "plain"),
    [("Þórður", "Thordur"), ("Ægir", "Aegir"), ("ışık", "isik"), ("Żółw", "Zolw"), ("Ĳsbrand", "IJsbrand"), ("", ""),
     ("Straße", "Strasse"), ("Ken’ichi", "Ken'ichi"), ("plain", "plain"), ("東A", "A")],
)  # fmt: skip
def test_letters_lose_their_accents_and_nothing_else(text, plain):
    assert plain_letters(text) == plain
