"""Oracles: the markers matplotlib itself places in the SVG, an XML parser, and the rules of CSS by eye."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from helpers import plots
from helpers.plots import PALETTE, animate_paths, animated_svg

ALT = "A disc goes down a valley from the upper left to the middle."
PATH = np.array([[-3.0, 2.0], [-1.0, -1.5], [0.5, 0.25], [0.0, 0.0]])
SVG = "{http://www.w3.org/2000/svg}"
LINK = "{http://www.w3.org/1999/xlink}href"


def valley(n=1):
    fig, axs = plots.figure(1, n, size=(3.5 * n, 2.6), squeeze=False)
    for ax in axs[0]:
        ax.set(xlim=(-4, 4), ylim=(-3, 3), xlabel="w₁ (no unit)", ylabel="w₂ (no unit)")
    return fig, list(axs[0])


def animated(*paths, **options):
    fig, axs = valley(len(paths))
    return animated_svg(list(zip(axs, paths, strict=True)), fig=fig, alt=ALT, **options)


def place(disc) -> np.ndarray:
    return np.array([disc.get("cx"), disc.get("cy")], float)


def walk(svg: str, k: int = 0) -> np.ndarray:
    """The places of disc k at its key frames: its own place plus the shifts."""
    disc = ET.fromstring(svg).findall(f"{SVG}circle")[k]
    frames = re.search(rf"@keyframes {disc.get('class')} \{{(.*?\}}) \}}", svg)[1]
    shifts = re.findall(r"translate\((-?[\d.]+)px, (-?[\d.]+)px\)", frames)
    return np.array(shifts, float) + place(disc)


def markers(svg: str) -> np.ndarray:
    """Where matplotlib put the dots of the trails: the only markers that are filled orange."""
    uses = [u for u in ET.fromstring(svg).iter(f"{SVG}use") if PALETTE["orange"] in u.get("style", "")]
    return np.array([(float(u.get("x")), float(u.get("y"))) for u in uses])


def test_the_disc_walks_over_the_dots_of_its_trail():
    svg = animated(PATH)
    np.testing.assert_allclose(walk(svg)[:-1], markers(svg), atol=0.11)  # written with one decimal
    np.testing.assert_allclose(walk(svg)[-1], walk(svg)[-2])  # it rests at the end


def test_each_path_walks_on_its_own_axes_and_the_shorter_one_waits():
    svg = animated(PATH, PATH[:2])
    first, second = walk(svg, 0), walk(svg, 1)
    assert (len(first), len(second)) == (5, 3)
    assert second[0, 0] > first[:, 0].max()
    np.testing.assert_allclose(np.vstack([first[:-1], second[:-1]]), markers(svg), atol=0.11)
    shares = [re.findall(r"([\d.]+)% \{", part) for part in svg.split("@keyframes")[1:]]
    assert shares[1][:2] == shares[0][:2]  # the same step at the same time


def test_a_wrong_path_is_told():
    moved = PATH + np.array([0.5, 0])
    with pytest.raises(AssertionError):
        np.testing.assert_allclose(walk(animated(moved))[:-1], markers(animated(PATH)), atol=0.11)


def test_nothing_moves_for_readers_who_want_less_motion():
    css = ET.fromstring(animated(PATH)).find(f"{SVG}style").text
    before, inside = css.split("@media (prefers-reduced-motion: no-preference)")
    assert "animation" not in before
    assert "animation:" in inside
    assert inside.count("paused") == 1
    disc = ET.fromstring(animated(PATH)).find(f"{SVG}circle")
    np.testing.assert_allclose(place(disc), markers(animated(PATH))[-1], atol=0.06)


def test_no_script_no_address_no_colour_the_site_could_not_exchange():
    svg = animated(PATH)
    assert "<script" not in svg
    assert not [e.get(LINK) for e in ET.fromstring(svg).iter() if (e.get(LINK) or "#")[0] != "#"]
    assert "#" not in ET.fromstring(svg).find(f"{SVG}style").text  # the site recolours attributes only
    assert "&" not in svg.split("<style>")[1].split("</style>")[0]


def test_it_is_labelled_reachable_and_the_same_every_time():
    svg = ET.fromstring(animated(PATH))
    assert (svg.get("role"), svg.get("aria-label"), svg.get("tabindex")) == ("img", ALT, "0")
    assert svg[0].text == ALT
    assert animated(PATH) == animated(PATH)


def test_names_differ_between_the_figures_of_one_page():
    fig, (ax,) = valley()
    other = animated_svg([(ax, PATH)], fig=fig, alt=ALT + " Slowly.")
    names = [set(re.findall(r"@keyframes (\S+)", svg)) for svg in (animated(PATH), other)]
    assert names[0].isdisjoint(names[1])


@pytest.mark.parametrize(
    ("path", "message"),
    [
        (PATH * 3, "leaves its axes at step 0"),
        (np.vstack([PATH, [0, 4]]), "leaves its axes at step 4"),
        (PATH[:1], "at least two steps"),
        (PATH[:, :1], "at least two steps"),
        (PATH * np.nan, "finite numbers"),
    ],
)
def test_paths_that_cannot_be_shown(path, message):
    with pytest.raises(ValueError, match=message):
        animated(path)


def test_words_that_are_no_description_and_rounds_without_time():
    fig, (ax,) = valley()
    with pytest.raises(ValueError, match="at least 20 characters"):
        animated_svg([(ax, PATH)], fig=fig, alt="a path")
    with pytest.raises(ValueError, match="longer than 0 seconds"):
        animated(PATH, seconds=0)


def test_it_displays_svg_and_text(monkeypatch):
    import IPython

    shown, (fig, (ax,)) = [], valley()
    monkeypatch.setattr(IPython, "get_ipython", lambda: object())
    monkeypatch.setattr(IPython.display, "display", lambda data, raw, metadata: shown.append(data))
    assert animate_paths([(ax, PATH)], fig=fig, alt=ALT) is None
    assert shown[0]["text/plain"] == ALT
    assert shown[0]["image/svg+xml"] == animated(PATH)
