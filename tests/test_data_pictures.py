"""Oracles: pictures of one known colour in every mode, hand-made broken files, Pillow's own resize."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image, ImageOps
from synthetic_pictures import RED, SIZE, bomb, broken, noise, one_sentence, saved

from helpers.data import _pictures, photograph
from helpers.data._pictures import BadPicture, read_picture
from helpers.runtime import CourseError

pytestmark = pytest.mark.usefixtures("bare_machine")


def colour(path: Path) -> tuple[int, ...]:
    """The picture's one colour; its shape has to be (3, 16, 24)."""
    image = photograph(path).image
    assert (image.shape, image.dtype) == ((3, 16, 24), torch.uint8)
    assert image.float().std((1, 2)).max() < 2
    return tuple(image[:, 8, 12].tolist())


def near(found: tuple[int, ...], expected: tuple[int, ...], tolerance: int = 4) -> bool:
    return max(abs(a - b) for a, b in zip(found, expected, strict=True)) <= tolerance


# -- every mode


@pytest.mark.parametrize("suffix", ["jpg", "png", "gif", "bmp", "webp", "tif", "ppm"])
def test_every_format(tmp_path, suffix):
    assert near(colour(saved(tmp_path / f"a.{suffix}", Image.new("RGB", SIZE, RED))), RED)


@pytest.mark.parametrize(
    ("mode", "fill", "expected", "suffix"),
    [
        ("L", 90, (90, 90, 90), "jpg"),
        ("1", 1, (255, 255, 255), "png"),
        ("LA", (0, 51), (204, 204, 204), "png"),  # a fifth black on white
        ("RGBA", (*RED, 255), RED, "png"),
        ("RGBA", (0, 0, 0, 0), (255, 255, 255), "png"),
        ("CMYK", (0, 255, 255, 0), (255, 0, 0), "jpg"),
        ("CMYK", (0, 255, 255, 0), (255, 0, 0), "tif"),
        ("YCbCr", (128, 128, 128), (128, 128, 128), "jpg"),
        ("LAB", (255, 128, 128), (255, 255, 255), "tif"),
        ("I;16", 51 * 257, (51, 51, 51), "png"),
        ("I;16", 51 * 257, (51, 51, 51), "tif"),
        ("I", 51 * 257, (51, 51, 51), "tif"),
        ("F", 0.5, (255, 255, 255), "tif"),
    ],
)
def test_every_mode(tmp_path, mode, fill, expected, suffix):
    assert near(colour(saved(tmp_path / f"a.{suffix}", Image.new(mode, SIZE, fill))), expected)


def test_palette_with_and_without_transparency(tmp_path):
    plain = Image.new("RGB", SIZE, RED).convert("P", palette=Image.Palette.ADAPTIVE)
    assert near(colour(saved(tmp_path / "a.png", plain)), RED)
    index = plain.getpixel((0, 0))
    assert colour(saved(tmp_path / "b.png", plain, transparency=index)) == (255, 255, 255)
    assert near(colour(saved(tmp_path / "c.gif", plain)), RED)


def test_animation_gives_its_first_frame(tmp_path):
    frames = [Image.new("RGB", SIZE, colour) for colour in (RED, (0, 0, 255))]
    assert near(colour(saved(tmp_path / "a.gif", frames[0], save_all=True, append_images=frames[1:])), RED)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_rotated_by_exif(tmp_path, orientation):
    """The file's pixels are turned, and the tag says how; upright, the top left corner is white."""
    upright = Image.new("RGB", SIZE)
    upright.paste("white", (0, 0, 12, 8))
    undo = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # Pillow's transpositions, by Exif's table
    pixels = upright if orientation == 1 else upright.transpose(Image.Transpose(undo[orientation]))
    exif = Image.Exif()
    exif[0x0112] = orientation
    image = read_picture(saved(tmp_path / "a.jpg", pixels, exif=exif, quality=95))
    assert image.shape == (3, 16, 24)
    assert image[:, 2, 2].min() > 200
    assert max(image[:, 2, -3].max(), image[:, -3, 2].max(), image[:, -3, -3].max()) < 50


def test_sixteen_bits_keep_their_shades(tmp_path):
    ramp = np.linspace(0, 65_535, 24, dtype=np.uint16)[None].repeat(16, 0)
    image = read_picture(saved(tmp_path / "a.png", Image.fromarray(ramp)))
    assert np.array_equal(image[0].numpy(), np.round(ramp / 257).astype(np.uint8))


def test_sizes(tmp_path):
    path = saved(tmp_path / "a.png", Image.new("RGB", (1200, 300), RED))
    assert photograph(path).image.shape == (3, 128, 512)
    assert photograph(path, side=None).image.shape == (3, 300, 1200)
    assert read_picture(path, square=32).shape == (3, 32, 32)
    assert read_picture(path, side=5_000).shape == (3, 300, 1200)  # never enlarged
    assert photograph(path).name == "a"


# -- files that are none


@pytest.mark.parametrize("size", [(7_100, 7_100), (12_000, 12_000), (60_000, 60_000), (2**31 - 1, 2**31 - 1)])
def test_decompression_bomb_is_refused_before_it_is_decoded(tmp_path, size, monkeypatch):
    monkeypatch.setattr(Image.Image, "load", lambda self: pytest.fail("was decoded"))
    with pytest.raises(CourseError) as caught:
        photograph(bomb(tmp_path / "bomb.png", *size))
    assert "bomb.png" in one_sentence(caught.value)
    assert "pixels" in str(caught.value)


def test_each_broken_file_is_one_sentence(tmp_path):
    for name, message in broken(tmp_path).items():
        with pytest.raises(BadPicture, match=message) as caught:
            photograph(tmp_path / name)
        assert name in one_sentence(caught.value)
    with pytest.raises(CourseError, match="there is no such file"):
        photograph(tmp_path / "nowhere.jpg")


@pytest.mark.parametrize("suffix", ["jpg", "png", "gif", "webp", "tif", "bmp", "ppm"])
def test_damaged_bytes_are_a_picture_or_one_sentence(tmp_path, suffix):
    whole = saved(tmp_path / f"a.{suffix}", Image.fromarray(noise(1)[0])).read_bytes()
    draw, refused = random.Random(0), 0
    for k in range(60):
        content = bytearray(whole[: draw.randrange(len(whole)) if k % 3 == 0 else None])
        for _ in range(k % 7 * (len(content) > 0)):
            content[draw.randrange(len(content))] = draw.randrange(256)
        (tmp_path / "b").write_bytes(content)
        try:
            assert read_picture(tmp_path / "b", square=8).shape == (3, 8, 8)
        except CourseError as error:
            one_sentence(error)
            refused += 1
    assert refused > 5


def test_formats_are_those_that_pillow_decodes_by_itself():
    assert set(_pictures.FORMATS) <= set(Image.registered_extensions().values())
    assert "EPS" not in _pictures.FORMATS


def test_square_is_pillows_fit(tmp_path):
    picture = Image.fromarray(noise(1)[0][:, :20])
    path = saved(tmp_path / "a.png", picture)
    expected = ImageOps.fit(picture, (16, 16), Image.Resampling.BILINEAR)
    assert np.array_equal(read_picture(path, square=16).permute(1, 2, 0).numpy(), np.asarray(expected))
