"""One picture file as a tensor: any mode, any orientation, nothing trusted.

Pillow's decoders raise all kinds of exceptions on damaged bytes; here each becomes a `BadPicture` with a few
words. Only formats that Pillow decodes by itself are opened (for EPS it would start another program).
"""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError
from torch import Tensor

from helpers.places import expand
from helpers.runtime import CourseError

FORMATS = ("JPEG", "PNG", "GIF", "BMP", "WEBP", "TIFF", "PPM")
MAX_PIXELS = 50_000_000  # of one picture before it is reduced: 150 MB as RGB; a phone takes 12 to 48 million
WIDE_MODES = ("I;16", "I;16B", "I;16L", "I;16N", "I")  # one channel of up to 16 bits, or 32-bit integers


class BadPicture(CourseError):
    """A file that is no picture we can show; `why` is the reason in a few words."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"{path} cannot be used: {why}; choose another picture.")
        self.why = why


def read_picture(path: str | Path, side: int | None = None, square: int | None = None) -> Tensor:
    """The picture in `path` as (3, H, W) uint8 on the CPU, upright, transparent parts on white.

    `side`: reduced, if necessary, so that the longer side has at most so many pixels. `square`: resized and
    cut to the centre, so that it has exactly square × square. Raises BadPicture, a CourseError, on a file
    that is missing, damaged, no picture, or larger than 50 million pixels (a decompression bomb).
    """
    path = expand(path)
    if not path.is_file():  # a pipe or a device would be waited for
        there = "a folder, not a file" if path.is_dir() else "a pipe or a device, not a file"
        raise BadPicture(path, there if path.exists() else "there is no such file")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about damaged metadata; the size is checked below
            return _decode(path, side, square)
    except BadPicture:
        raise
    except UnidentifiedImageError as error:
        raise BadPicture(path, f"not a picture in one of the formats {', '.join(FORMATS)}") from error
    except PermissionError as error:
        raise BadPicture(path, "no permission to read it") from error
    except Exception as error:
        raise BadPicture(path, f"damaged or cut short ({' '.join(str(error).split()) or error!r})") from error


def _decode(path: Path, side: int | None, square: int | None) -> Tensor:
    with Image.open(path, formats=FORMATS) as picture:
        width, height = picture.size
        if width * height > MAX_PIXELS:
            raise BadPicture(
                path,
                f"{width:,} × {height:,} pixels are more than the {MAX_PIXELS // 10**6} million allowed",
            )
        picture.draft(None, (side or square or width, side or square or height))  # JPEG: decode it smaller
        picture.load()
        picture = _as_rgb(ImageOps.exif_transpose(picture))
        if side is not None:
            picture.thumbnail((side, side), Image.Resampling.LANCZOS)
        if square is not None:
            picture = ImageOps.fit(picture, (square, square), Image.Resampling.BILINEAR)
        return torch.from_numpy(np.array(picture)).permute(2, 0, 1).contiguous()


def _as_rgb(picture: Image.Image) -> Image.Image:
    """RGB with 8 bits, from whatever Pillow decoded."""
    if picture.mode in WIDE_MODES or picture.mode == "F":
        values = np.nan_to_num(np.asarray(picture, dtype=np.float64))
        # 16 bits are scaled by their range; floats and 32-bit integers have none, so by their largest value.
        top = 65_535 if values.max() <= 65_535 and picture.mode != "F" else max(values.max(), 1e-12)
        top = 255 if picture.mode == "I" and values.max() <= 255 else top
        grey = (values / top * 255).round().clip(0, 255).astype(np.uint8)
        return Image.fromarray(grey).convert("RGB")
    if picture.mode == "LAB":  # the one mode of files that convert() does not know
        lab, srgb = ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB")
        return ImageCms.profileToProfile(picture, lab, srgb, outputMode="RGB")
    if picture.has_transparency_data:
        picture = picture.convert("RGBA")
        white = Image.new("RGBA", picture.size, "white")
        return Image.alpha_composite(white, picture).convert("RGB")
    return picture.convert("RGB")
