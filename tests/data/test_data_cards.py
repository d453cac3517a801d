"""Every card has the same headings, says what the manifest says, and its code runs."""

import re

import pytest

from dlcourse.data import available, card
from dlcourse.data.cards import HEADINGS
from dlcourse.data.errors import ManifestError, UnknownDataSetError
from dlcourse.data.manifest import manifest


@pytest.mark.parametrize("name", available())
def test_a_card_has_the_fixed_headings_in_order_and_text_under_each(name):
    sections = card(name).sections
    assert tuple(sections) == HEADINGS
    assert all(len(text.split()) >= 5 for text in sections.values()), sections


@pytest.mark.parametrize("name", available())
def test_a_card_agrees_with_its_manifest(name):
    made = card(name)
    entry = manifest(name)
    assert made.text.startswith(f"# {entry.title}\n")
    assert entry.licence.split()[0] in made.sections["Licence"]
    assert "LICENCE.txt" in made.sections["Licence"]
    assert "build.py" in made.sections["Source"]
    assert made.sections["Known flaws"].count("\n- ") >= 3


@pytest.mark.parametrize("name", available())
def test_a_cards_code_runs(name, capsys, brought):
    if not any(file.bundled for file in manifest(name).files):
        brought(name)
    blocks = re.findall(r"```python\n(.*?)```", card(name).text, re.DOTALL)
    assert blocks
    for block in blocks:
        exec(block, {})
    assert capsys.readouterr().out


def test_a_card_shows_as_its_text_and_in_a_notebook_without_headings():
    made = card("sacramento")
    assert repr(made) == str(made) == made.text
    shown = made._repr_markdown_()
    assert "**Known flaws**" in shown
    assert not re.search("^#", shown, re.MULTILINE)
    assert "from dlcourse.data import load" in shown


def test_a_card_of_an_unknown_data_set_is_an_error():
    with pytest.raises(UnknownDataSetError, match="did you mean 'tree_crowns'"):
        card("tree_crown")


def test_a_card_that_is_not_there_is_an_error(shelf):
    shelf.add("toy", {"a.bin": b"a"}, [{"kind": "bundled"}])
    with pytest.raises(ManifestError, match="The card of toy cannot be read"):
        card("toy")
