"""House sales round Sacramento."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dlcourse.data.store import fetch

if TYPE_CHECKING:
    import pandas

TYPES = ("Condo", "Multi-Family", "Residential")


def load() -> pandas.DataFrame:
    """932 house sales, one a row, in the order of the source.

    | column | type | unit and meaning |
    |---|---|---|
    | city | category | 37 place names |
    | zip | string | 68 five-digit postal codes |
    | beds | int64 | bedrooms, 1 to 8 |
    | baths | float64 | bathrooms, 1 to 5, halves allowed |
    | sqft | int64 | living area in square feet (1 ft² = 0.0929 m²) |
    | type | category | Condo, Multi-Family or Residential |
    | price | int64 | sale price in US dollars |
    | latitude, longitude | float64 | degrees, north and east positive |

    Source: the R package modeldata, after a sample file of SpatialKey.
    """
    import pandas as pd

    path = fetch("sacramento", ["sacramento.csv"])["sacramento.csv"]
    frame = pd.read_csv(path, dtype={"city": "category", "zip": "str"})
    frame["type"] = pd.Categorical(frame["type"], categories=TYPES)
    return frame
