"""Make the bundled files of photographs from a Debian package: `python datasets/photographs/build.py`.

Run by hand; needs a network and apt. The package, gcompris-qt-data, keeps its
pictures in Qt's resource files, each folder with a README
that credits every one; only those in the public domain, under CC0 or under CC BY are taken. Prints what the manifest
states of each file.
"""

import csv
import io
import re
import struct
import tempfile
import zipfile
import zlib
from pathlib import Path

from PIL import Image

from dlcourse.data.checks import sha256
from dlcourse.data.sources import PackageMember
from dlcourse.data.workspace import Workspace, workspace

HERE = Path(__file__).resolve().parent
ARCHIVE, TABLE = "photographs.zip", "photographs.csv"
SIDE, QUALITY = 240, 66  # pixels of the shorter side; JPEG's quality, colour at half resolution as in the originals
FREE = {"public domain": "public domain", "cc0-1.0": "CC0 1.0", "cc-by-2.0": "CC BY 2.0", "cc-by-3.0": "CC BY 3.0"}

# Resource file, folder in it, our word for what is seen, and every how many of the folder's pictures are taken.
FOLDERS = (
    ("explore_farm_animals", "animals", "animal", 1),
    ("explore_world_animals", "animals", "animal", 1),
    ("erase", "resource", "animal", 1),
    ("categorization", "fishes", "fish", 2),
    ("categorization", "monuments", "building", 1),
    ("categorization", "renewable", "energy", 1),
    ("categorization", "tools", "tool", 2),
    ("categorization", "others", "thing", 1),
)
HEADER = ("name", "subject", "author", "licence", "source", "width", "height")


def read(resource: str, space: Workspace) -> bytes:
    """One of the package's resource files."""
    member = f"usr/share/gcompris-qt/rcc/{resource}.rcc"
    with PackageMember("debian", "gcompris-qt-data", member).open(space) as stream:
        return stream.read()


def unpack(raw: bytes) -> dict[str, bytes]:
    """The members of a Qt resource file of version 3 by their paths: a tree, names, and data packed by zlib or not."""
    magic, version, tree, data, names = struct.unpack_from(">4sIIII", raw)
    if (magic, version) != (b"qres", 3):
        raise ValueError(f"not a Qt resource file of version 3: {magic!r}, {version}")
    found, waiting = {}, [(0, "")]
    while waiting:
        node, path = waiting.pop()
        name, flags, first, second = struct.unpack_from(">IHII", raw, tree + 22 * node)
        if node:
            letters = struct.unpack_from(">H", raw, names + name)[0]
            path += "/" + raw[names + name + 6 : names + name + 6 + 2 * letters].decode("utf-16-be")
        if flags & 2:  # a folder: how many, and the first of them
            waiting += [(child, path) for child in range(second, second + first)]
            continue
        (size,) = struct.unpack_from(">I", raw, data + second)
        content = raw[data + second + 4 : data + second + 4 + size]
        found[path] = zlib.decompress(content[4:]) if flags & 1 else content
    return found


def credits(readme: str) -> dict[str, dict[str, str]]:
    """File name to {"copyright", "license", "source"} of each picture that a README names."""
    found = {}
    for paragraph in readme.split("\n\n"):
        fields = {
            key.lower(): value.strip() for key, value in re.findall(r"^(\w+):[ \t]*(.*)$", paragraph, re.MULTILINE)
        }
        for name in re.findall(r"\b[\w-]+\.webp\b", paragraph):
            found[name] = fields
    return found


def natural(name: str) -> tuple:
    """A key that puts fish2 before fish10."""
    return tuple(int(part) if part.isdigit() else part.lower() for part in re.split(r"(\d+)", name))


def small(content: bytes) -> tuple[bytes, tuple[int, int]]:
    """A picture as JPEG with the shorter side SIDE, and its width and height."""
    picture = Image.open(io.BytesIO(content)).convert("RGB")
    scale = SIDE / min(picture.size)
    size = tuple(round(scale * side) for side in picture.size)
    picture = picture.resize(size, Image.Resampling.LANCZOS)
    if max(size) > 4 * SIDE // 3:  # the middle of what is wider than 4 to 3
        left, top = ((side - min(side, 4 * SIDE // 3)) // 2 for side in size)
        picture = picture.crop((left, top, size[0] - left, size[1] - top))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=QUALITY, subsampling=2, optimize=True, progressive=True)
    return out.getvalue(), picture.size


def chosen(members: dict[str, bytes], folder: str, every: int):
    """(stem, bytes, credit) of the folder's free photographs, every so many of them."""
    inside = {path: content for path, content in members.items() if Path(path).parent.name == folder}
    known = credits(next(content for path, content in inside.items() if path.endswith("/README")).decode())
    names = {Path(path).name: content for path, content in inside.items() if path.endswith(".webp")}
    licences = {name: known.get(name, {}).get("license", "no credit").lower() for name in names}
    free = [name for name in sorted(names, key=natural) if licences[name] in FREE]
    return [(Path(name).stem, names[name], known[name]) for name in free[::every]]


def build(space: Workspace) -> None:
    """Write photographs.zip and photographs.csv."""
    rows, pictures = [], {}
    for resource, folder, subject, every in FOLDERS:
        for stem, content, credit in chosen(unpack(read(resource, space)), folder, every):
            name = re.sub(r"(?<=[a-z])(?=[A-Z0-9])", "_", stem).lower()
            name = name if name not in pictures else f"{name}_2"
            pictures[name], (width, height) = small(content)
            licence = FREE[credit["license"].lower()]
            rows.append(
                (name, subject, credit["copyright"].removeprefix("© "), licence, credit["source"], width, height)
            )
    with (HERE / TABLE).open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows([HEADER, *rows])
    with zipfile.ZipFile(HERE / ARCHIVE, "w", zipfile.ZIP_STORED) as archive:
        for name, content in pictures.items():  # dated 1980, so the bytes are the same at every run
            archive.writestr(zipfile.ZipInfo(f"{name}.jpg"), content)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder, workspace(Path(folder)) as space:
        build(space)
    for path in (HERE / TABLE, HERE / ARCHIVE):
        print(f'name = "{path.name}"\nbytes = {path.stat().st_size}\nsha256 = "{sha256(path)}"\n')
