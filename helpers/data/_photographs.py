"""Photographs to be named by a network: the sample folder, scikit-learn's two, or the reader's own."""

from __future__ import annotations

import csv
import importlib.util
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from torch import Tensor

from helpers.data import _files, _tiers
from helpers.data._pictures import BadPicture, read_picture
from helpers.places import expand
from helpers.runtime import CourseError

SIDE = 512  # pixels of the longer side, at most: more than any network here looks at


@dataclass(frozen=True)
class Photograph:
    """One photograph: `image` (3, H, W) uint8 on the CPU, upright; what is known of what it shows.

    `label` is ImageNet's class index 0 … 999 and `category` its name; None and "" where nobody says.
    """

    name: str
    image: Tensor
    label: int | None = None
    category: str = ""


@dataclass(frozen=True)
class Album:
    """Photographs in order; `source`: where they are from; `note`: what was left out ("" if nothing)."""

    pictures: tuple[Photograph, ...]
    source: str
    note: str = ""

    def __len__(self) -> int:
        return len(self.pictures)

    def __iter__(self) -> Iterator[Photograph]:
        return iter(self.pictures)

    def __getitem__(self, index: int) -> Photograph:
        return self.pictures[index]

    def describe(self) -> str:
        """One line: how many, from where, note."""
        noun = "photograph" if len(self) == 1 else "photographs"
        return f"{len(self)} {noun} from {self.source}" + (f"; {self.note}" if self.note else "")


def photograph(path: str | Path, *, side: int | None = SIDE) -> Photograph:
    """A picture of the reader's own, its longer side reduced to `side` pixels (None: as it is).

    Grey, palette, transparent, CMYK, 16-bit and rotated pictures are brought to upright RGB; of an animation
    the first frame is taken. Raises CourseError on a file that is no picture.
    """
    return Photograph(Path(path).stem, read_picture(path, side=side))


def photographs(folder: str | Path | None = None, *, n: int | None = None, side: int | None = SIDE) -> Album:
    """The first `n` photographs in `folder` (default: all), with the labels of its `labels.csv`, if any.

    Without `folder`: `$COURSE_DATA/imagenet-samples`, or else the two photographs that ship with scikit-learn
    (those as well if `COURSE_TIER=embedded`). Files that are no pictures are left out; `note` names them with
    their number. `labels.csv` has the columns file, class_index and category. Raises CourseError for a folder
    that is missing or holds no picture.
    """
    if n is not None and n < 1:
        raise CourseError(f"Ask for at least one photograph, not {n}.")
    if folder is not None:
        return _album(expand(folder), str(folder), n, side)
    if os.environ.get("COURSE_TIER") != "embedded":
        samples = _tiers.data_folder() / "imagenet-samples"
        if samples.is_dir():
            return _album(samples, samples.name, n, side)
    return _from_scikit_learn(n, side)


def _album(folder: Path, source: str, n: int | None, side: int | None) -> Album:
    if not folder.is_dir():
        raise CourseError(f"There is no folder {folder}: name one that holds pictures.")
    labels = _labels(folder / "labels.csv")
    files = sorted(path for path in folder.iterdir() if not path.name.startswith(".") and path.is_file())
    files = [path for path in files if path.name not in ("labels.csv", "README.md")]
    found, skipped = [], []
    for path in files:
        if n is not None and len(found) == n:
            break
        try:
            image = read_picture(path, side=side)
        except BadPicture as error:
            skipped.append((path.name, error.why))
            continue
        label, category = labels.get(path.name, (None, ""))
        found.append(Photograph(path.stem, image, label, category))
    note = skipped_note(skipped, len(found) + len(skipped))
    if not found:
        raise CourseError(f"The folder {folder} holds no picture{': ' + note if note else ''}: name another.")
    return Album(tuple(found), source, note)


def _labels(path: Path) -> dict[str, tuple[int, str]]:
    """{file: (class index, category)}, empty if there is no such file."""
    if not path.exists():
        return {}
    _files.demand_regular(path, 2**24)
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return {row["file"]: (int(row["class_index"]), row["category"]) for row in csv.DictReader(file)}
    except (OSError, KeyError, ValueError, TypeError, csv.Error) as error:
        raise CourseError(
            f"{path} is no table with the columns file, class_index and category ({error}): correct it."
        ) from error


def _from_scikit_learn(n: int | None, side: int | None) -> Album:
    """Found without importing scikit-learn."""
    spec = importlib.util.find_spec("sklearn")
    if spec is None or spec.origin is None:
        raise CourseError("The two photographs need scikit-learn: install it with pip install scikit-learn.")
    folder = Path(spec.origin).parent / "datasets" / "images"
    files = [folder / "china.jpg", folder / "flower.jpg"][:n]
    return Album(tuple(photograph(path, side=side) for path in files), "scikit-learn")


def skipped_note(skipped: Iterable[tuple[str, str]], n_files: int, shown: int = 3) -> str:
    """One clause that counts the files left out and names the first of them; "" if there are none."""
    skipped = list(skipped)
    if not skipped:
        return ""
    names = ", ".join(f"{name} ({why})" for name, why in skipped[:shown])
    more = f" and {len(skipped) - shown} more" if len(skipped) > shown else ""
    return f"{len(skipped)} of {n_files} files left out: {names}{more}"
