"""Make sacramento.csv from the Debian package r-cran-modeldata: `python datasets/sacramento/build.py`.

Run by hand, on Debian or Ubuntu, in an environment that has `rdata` (from PyPI) besides the course. Prints what the
manifest states of the file.
"""

import lzma
import tempfile
import warnings
from pathlib import Path

import rdata

from dlcourse.data.checks import sha256
from dlcourse.data.sources import PackageMember
from dlcourse.data.workspace import Workspace, workspace

HERE = Path(__file__).resolve().parent
COLUMNS = ("city", "zip", "beds", "baths", "sqft", "type", "price", "latitude", "longitude")


def member(name: str, space: Workspace) -> bytes:
    """The bytes of one file of the package's lazy-load database."""
    path = f"usr/lib/R/site-library/modeldata/data/{name}"
    with PackageMember("debian", "r-cran-modeldata", path).open(space) as stream:
        return stream.read()


def r_object(raw: bytes):
    """An R object from its serialised form."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # rdata says that it takes the format for RDS, which it is
        return rdata.conversion.convert(rdata.parser.parse_data(raw))


def sacramento(space: Workspace):
    """The data frame as modeldata has it.

    `Rdata.rdx` says where in `Rdata.rdb` an object starts and how long it is; there it is preceded by its unpacked
    length (4 bytes) and "Z", which stands for raw LZMA2.
    """
    start, length = (int(value) for value in r_object(member("Rdata.rdx", space))["variables"]["Sacramento"])
    packed = member("Rdata.rdb", space)[start : start + length]
    if packed[4:5] != b"Z":
        raise SystemExit(f"The table is packed as {packed[4:5]!r}, and this script unpacks b'Z' only.")
    filters = [{"id": lzma.FILTER_LZMA2, "preset": 6}]
    return r_object(lzma.decompress(packed[5:], format=lzma.FORMAT_RAW, filters=filters))


def tidy(frame):
    """The same rows and values, written as people write them: Elk Grove, 95758, Multi-Family."""
    frame = frame.loc[:, list(COLUMNS)].copy()
    frame["city"] = frame["city"].astype(str).str.replace("_", " ").str.title()
    frame["zip"] = frame["zip"].astype(str).str.removeprefix("z")
    frame["type"] = frame["type"].astype(str).str.replace("_", "-")
    return frame


if __name__ == "__main__":
    target = HERE / "sacramento.csv"
    with tempfile.TemporaryDirectory() as folder, workspace(Path(folder)) as space:
        tidy(sacramento(space)).to_csv(target, index=False, lineterminator="\n")
    print(f'name = "{target.name}"\nbytes = {target.stat().st_size}\nsha256 = "{sha256(target)}"')
