"""Make the bundled files of tree_crowns from the Python package deepforest: `python datasets/tree_crowns/build.py`.

Run by hand; needs a network, or pip's own cache. Prints what the manifest states of each file.
"""

import csv
import io
import tempfile
from pathlib import Path
from xml.etree import ElementTree

from PIL import Image

from dlcourse.data.checks import sha256
from dlcourse.data.sources import PackageMember
from dlcourse.data.workspace import Workspace, workspace

HERE = Path(__file__).resolve().parent
QUALITY = 80  # with full colour resolution: 3.5 MB in all, 29 to 34 dB
METRES_PER_PIXEL = 0.1

# name, split, site, stem in the package
PHOTOGRAPHS = (
    ("yellowstone_west", "train", "Yellowstone, Wyoming (NEON site YELL)", "2019_YELL_2_528000_4978000_image_crop2"),
    ("yellowstone_east", "test", "Yellowstone, Wyoming (NEON site YELL)", "2019_YELL_2_541000_4977000_image_crop"),
    ("ordway_swisher", "train", "Ordway-Swisher, Florida (NEON site OSBS)", "OSBS_029"),
    ("soaproot", "train", "Soaproot Saddle, California (NEON site SOAP)", "SOAP_061"),
)


def member(name: str, space: Workspace) -> bytes:
    """The bytes of one member of the package's data folder."""
    source = PackageMember("pip", "deepforest", f"deepforest/data/{name}", version="2.1.0")
    with source.open(space) as stream:
        return stream.read()


def boxes(xml: bytes) -> list[tuple]:
    """`(x_min, y_min, x_max, y_max, label)` of each object, as edges that start at 0.

    Pascal VOC counts pixels from 1 and includes the last one, so a box's left edge is one less than its first pixel.
    """
    found = []
    for tree in ElementTree.fromstring(xml).iter("object"):
        left, top, right, bottom = (int(tree.findtext(f"bndbox/{side}")) for side in ("xmin", "ymin", "xmax", "ymax"))
        found.append((left - 1, top - 1, right, bottom, tree.findtext("name")))
    return found


def write(name: str, header: tuple, rows: list[tuple]) -> None:
    """Write a CSV file beside this script."""
    with (HERE / name).open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows([header, *rows])


def build(space: Workspace) -> None:
    """Write the four JPEG files, boxes.csv and photographs.csv."""
    all_boxes, described = [], []
    for name, split, site, stem in PHOTOGRAPHS:
        picture = Image.open(io.BytesIO(member(f"{stem}.png", space))).convert("RGB")
        picture.save(HERE / f"{name}.jpg", quality=QUALITY, subsampling=0, optimize=True, progressive=True)
        all_boxes += [(name, *box) for box in boxes(member(f"{stem}.xml", space))]
        described.append((name, split, site, METRES_PER_PIXEL, *picture.size, stem))
    write("boxes.csv", ("photograph", "x_min", "y_min", "x_max", "y_max", "label"), all_boxes)
    write("photographs.csv", ("name", "split", "site", "metres_per_pixel", "width", "height", "original"), described)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder, workspace(Path(folder)) as space:
        build(space)
    for path in sorted([*HERE.glob("*.jpg"), *HERE.glob("*.csv")]):
        print(f'name = "{path.name}"\nbytes = {path.stat().st_size}\nsha256 = "{sha256(path)}"\n')
