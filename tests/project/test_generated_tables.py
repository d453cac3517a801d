"""The tables of README.md and docs/ say what the committed notebooks measured."""

import pytest

from dlcourse.course import tables


@pytest.mark.parametrize("name", tables.GENERATED)
def test_a_generated_table_is_fresh(name, root):
    assert tables.generated(name) == (root / name).read_text(encoding="utf-8"), "run `dlcourse records --write`"
