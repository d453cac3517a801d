"""First names and the country that they come from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dlcourse.data.manifest import manifest
from dlcourse.data.store import fetch

if TYPE_CHECKING:
    import pandas

GENDERS = ("both", "female", "male")


def load() -> pandas.DataFrame:
    """First names, one a row, in alphabetical order.

    | column | type | meaning |
    |---|---|---|
    | name | string | as it is written there, in Latin letters, with accents |
    | gender | category | female, male, or both |
    | country | category | the one country of ten, of all 55 in the dictionary, that has the name |

    Source: the Python package gender-guesser 0.4.0, the dictionary by Jörg Michael (2008).
    """
    import pandas as pd

    path = fetch("names", ["names.csv.xz"])["names.csv.xz"]
    frame = pd.read_csv(path, dtype="str", keep_default_na=False)
    frame["gender"] = pd.Categorical(frame["gender"], categories=GENDERS)
    frame["country"] = pd.Categorical(frame["country"], categories=manifest("names").classes)
    return frame
