"""Make names.csv.xz from the Python package gender-guesser: `python datasets/names/build.py`.

Run by hand; needs a network. Takes the first names that the dictionary knows from one country alone, for ten countries.
Prints what the manifest states of the file.
"""

import csv
import io
import lzma
import tempfile
from collections import defaultdict
from pathlib import Path

from dlcourse.data.checks import sha256
from dlcourse.data.sources import PackageMember
from dlcourse.data.workspace import Workspace, workspace

TARGET = Path(__file__).resolve().parent / "names.csv.xz"
FIRST = 30  # the column of the first country, Great Britain; a digit there says how common a name is in the country
COUNTRIES = 55
CHOSEN = {3: "Italy", 10: "Netherlands", 15: "Iceland", 22: "Lithuania", 27: "Romania", 28: "Bulgaria", 37: "Greece",
          46: "Turkey", 50: "India", 51: "Japan"}  # fmt: skip
GENDERS = {"M": "male", "1M": "male", "?M": "male", "F": "female", "1F": "female", "?F": "female", "?": "both"}


def dictionary(space: Workspace) -> list[tuple[str, str, set[int]]]:
    """Gender, name and the numbers of its countries, for every entry of the dictionary."""
    with PackageMember("pip", "gender-guesser", "gender_guesser/data/nam_dict.txt", "0.4.0").open(space) as stream:
        lines = stream.read().decode("utf-8").splitlines()
    # An entry with "+" before the countries repeats one, sorted by another spelling of its umlaut; "=" is a short form.
    entries = [line for line in lines if not line.startswith(("#", "=")) and line[FIRST - 1] != "+"]
    digits = [line[FIRST : FIRST + COUNTRIES] for line in entries]
    return [
        (line[:3].strip(), line[3 : FIRST - 1].strip(), {place for place, digit in enumerate(row) if digit != " "})
        for line, row in zip(entries, digits, strict=True)
    ]


def rows(entries: list[tuple[str, str, set[int]]]) -> list[tuple[str, str, str]]:
    """Name, gender and country of the names of one country only, which is among the chosen, in alphabetical order."""
    genders, places = defaultdict(set), defaultdict(set)
    for gender, name, countries in entries:
        genders[name].add(GENDERS[gender])
        places[name] |= countries
    single = {name: next(iter(found)) for name, found in places.items() if len(found) == 1}
    chosen = {name: CHOSEN[place] for name, place in single.items() if place in CHOSEN and "+" not in name}
    gender = {name: "both" if len(found) > 1 else next(iter(found)) for name, found in genders.items()}
    return [(name, gender[name], chosen[name]) for name in sorted(chosen)]


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder, workspace(Path(folder)) as space:
        table = rows(dictionary(space))
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([("name", "gender", "country"), *table])
    TARGET.write_bytes(lzma.compress(text.getvalue().encode("utf-8"), preset=9 | lzma.PRESET_EXTREME))
    print(f'name = "{TARGET.name}"\nbytes = {TARGET.stat().st_size}\nsha256 = "{sha256(TARGET)}"')
