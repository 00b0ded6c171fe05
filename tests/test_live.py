"""Oracles: mpmath at 1,000 points for the JavaScript that a page runs, a browser for what a reader does."""

from __future__ import annotations

import json
import random
import re
from functools import cache

import mpmath
import numpy as np
import pytest
from sympy import Rational, Symbol, exp, symbols, zeta

from helpers import live
from helpers.cells import recall
from helpers.live._still import still
from helpers.notation import bce, sigma, softmax, u, y, zk
from helpers.plots import SHOWN

ALT = "A curve, and a point on it that a slider moves."
w, eta, t = symbols("w eta t")


def at(low: float, high: float):
    return lambda: random.uniform(low, high)


EXPORTED = {  # the formula, how its letters are drawn, and what the course means by it, for mpmath
    "sigma": (lambda: live.formula(sigma(u)), {"u": at(-30, 30)}, lambda u: 1 / (1 + mpmath.exp(-u))),
    "slope": (
        lambda: live.formula(recall("logistic.sigma-prime")), {"u": at(-20, 20)},
        lambda u: mpmath.exp(-u) / (1 + mpmath.exp(-u)) ** 2,
    ),
    "bce": (
        lambda: live.formula(bce(y, Symbol("a"))), {"y": at(0, 1), "a": at(0.01, 0.99)},
        lambda y, a: -y * mpmath.log(a) - (1 - y) * mpmath.log(1 - a),
    ),
    "softmax": (
        lambda: live.formula(softmax(zk)(2), K=3), {f"z{k}": at(-9, 9) for k in (1, 2, 3)},
        lambda z1, z2, z3: mpmath.exp(z2) / (mpmath.exp(z1) + mpmath.exp(z2) + mpmath.exp(z3)),
    ),
    "jacobian": (
        lambda: live.formula(recall("softmax.jacobian"), K=2, l=1, q=2), {f"z{k}": at(-9, 9) for k in (1, 2)},
        lambda z1, z2: -mpmath.exp(z1) * mpmath.exp(z2) / (mpmath.exp(z1) + mpmath.exp(z2)) ** 2,
    ),
    "gradient": (
        lambda: live.formula(recall("logistic.gradient"), n=2, j=1),
        {"w1": at(-3, 3), "w2": at(-3, 3), "x1": at(-2, 2), "x2": at(-2, 2), "y": at(0, 1)},
        lambda w1, w2, x1, x2, y: -(y - 1 / (1 + mpmath.exp(-w1 * x1 - w2 * x2))) * x1,
    ),
}  # fmt: skip
DOT = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg=="
COMPUTE = """([spec, name, rows]) => {
  const get = sywLive.reader(spec);
  return rows.map(row => get(name, row));
}"""


@pytest.fixture
def tab(chromium):
    tab = chromium.new_page()
    tab.errors = []
    tab.on("pageerror", lambda error: tab.errors.append(str(error)))
    tab.on("console", lambda message: tab.errors.append(message.text) if message.type == "error" else None)
    yield tab
    tab.close()


def stored(figure: live.Figure) -> str:
    return figure._repr_mimebundle_()[0]["text/html"]


@cache
def still_parabola() -> str:
    """The parabola as it is stored; its pictures take a second to draw."""
    return stored(parabola())


def opened(tab, tmp_path, *figures: live.Figure):
    """The figures as a notebook stores them, or the parabola, opened from a file, without a server."""
    outputs = [stored(figure) for figure in figures] or [still_parabola()]
    path = tmp_path / "page.html"
    path.write_text("<!doctype html><meta charset=utf-8><body>" + "".join(outputs), encoding="utf-8")
    tab.goto(path.as_uri())
    return tab


def parabola(**more) -> live.Figure:
    formulas = {
        "C": live.formula(w**2 / 2),
        "step": live.formula(w - eta * w),
        "share": live.formula(eta / 2),
    }
    axes = live.axis("weight (no unit)", -3, 3), live.axis("cost (no unit)", 0, 5)
    steps = live.orbit({"w": -2.5}, {"w": "step"}, 4, "w", "C", label="four steps")
    return live.figure(
        [live.slider("eta", np.linspace(0.1, 2.5, 25), 0.5, label="rate", unit="per step")],
        [live.plane(*axes, live.curve("C", "w"), steps, alt="A parabola and steps on it")],
        **{"formulas": formulas, "readout": "The rate is {share:.0%} of 2/L.", "alt": ALT, **more},
    )  # fmt: skip


# -- the formula of a page is the proved one


@pytest.mark.parametrize("name", EXPORTED)
def test_what_a_page_computes_is_what_mpmath_computes_at_1000_points(tab, tmp_path, name):
    make, letters, truth = EXPORTED[name]
    made = make()
    assert set(made.args) == set(letters)
    random.seed(name)
    rows = [{letter: draw() for letter, draw in letters.items()} for _ in range(1000)]
    page = opened(tab, tmp_path)
    found = page.evaluate(COMPUTE, [{"formulas": {name: made.spec()}}, name, rows])
    with mpmath.workdps(40):
        true = [truth(**{letter: mpmath.mpf(value) for letter, value in row.items()}) for row in rows]
    assert len(found) == 1000
    assert max(abs(a - b) / (1e-3 + abs(b)) for a, b in zip(found, true, strict=True)) < 1e-11
    still = [float(made.python(*(row[letter] for letter in made.args))) for row in rows]
    assert still == pytest.approx([float(b) for b in true], rel=1e-9, abs=1e-14)


def test_the_comparison_notices_a_wrong_sign(tab, tmp_path):
    wrong = {"args": ["u"], "js": "1/(1 + Math.exp(u))"}
    found = opened(tab, tmp_path).evaluate(COMPUTE, [{"formulas": {"f": wrong}}, "f", [{"u": 2}]])
    assert found[0] != pytest.approx(1 / (1 + np.exp(-2)))


def test_only_what_is_proved_and_computable_is_exported():
    class Open:
        verdict, last = "unknown", u

    with pytest.raises(ValueError, match="this one is unknown"):
        live.formula(Open())
    with pytest.raises(ValueError, match="without a number"):
        live.formula(recall("logistic.gradient"), n=2)
    with pytest.raises(ValueError, match="without a number"):
        live.formula(softmax(zk)(1))
    with pytest.raises(ValueError, match="cannot be computed in a page"):
        live.formula(zeta(u))
    assert live.formula(recall("logistic.mean-gradient"), n=1, N=2, j=1).args[:2] == ("X1_1", "X2_1")


def test_a_mean_over_samples_is_the_mean_of_the_formula(tab, tmp_path):
    formulas = {"c": live.formula((w - Symbol("x")) ** 2), "C": live.mean("c", x=[1.0, 2.0, 6.0])}
    spec = {"formulas": {name: f.spec() for name, f in formulas.items()}}
    page = opened(tab, tmp_path)
    assert page.evaluate(COMPUTE, [spec, "C", [{"w": 3}]]) == [pytest.approx(14 / 3)]
    assert live.Values([], formulas, {}).get("C", w=3) == pytest.approx(14 / 3)
    with pytest.raises(ValueError, match="one length"):
        live.mean("c", x=[1.0], y=[1.0, 2.0])


# -- what a reader does


def test_a_slider_by_keyboard_moves_the_curve_the_readout_and_what_is_read_aloud(tab, tmp_path):
    page = opened(tab, tmp_path)
    slider, output = page.get_by_role("slider", name="rate"), page.locator("output")
    assert (output.inner_text(), output.get_attribute("aria-live")) == ("The rate is 25% of 2/L.", "polite")
    dots = page.locator(".syw-live figure > svg circle")
    assert dots.count() == 5
    before = [dot.get_attribute("cx") for dot in dots.all()]
    slider.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("() => document.querySelector('output').textContent.includes('30%')")
    assert slider.get_attribute("aria-valuetext") == "0.6 per step"
    after = [dot.get_attribute("cx") for dot in page.locator(".syw-live figure > svg circle").all()]
    assert before[0] == after[0]
    low, high = 58, 448  # where the axis begins and ends
    place = [low + (high - low) * (-2.5 * 0.4**k + 3) / 6 for k in range(5)]
    assert [float(x) for x in after] == pytest.approx(place, abs=0.06)
    assert tab.errors == []


def test_buttons_show_one_value_after_another(tab, tmp_path):
    made = live.figure(
        [live.buttons("step", ["the input", "the output", "the error"])],
        [live.diagram([live.node(0, 0.5, "x", 2, 0), live.node(1, 0.5, "a", "a", 1)],
                      [live.edge(0, 1, "w"), live.edge(0, 1, "δ", "d", 2)], "step", alt="One unit")],
        formulas={"a": live.formula(sigma(2)), "d": live.formula(sigma(2) - 1)},
        readout="{step}: a is {a:.2f}.", alt=ALT,
    )  # fmt: skip
    page = opened(tab, tmp_path, made)
    words = lambda: page.locator("figure svg text").all_text_contents()  # noqa: E731
    assert page.get_by_role("button", name="Back").is_disabled()
    assert "0.881" not in words()
    drawn = page.locator("figure svg > *").evaluate_all("all => all.slice(0, 4).map(one => one.tagName)")
    assert drawn == ["line", "line", "text", "text"], "a line is drawn over a number"
    page.get_by_role("button", name="Next").click()
    page.wait_for_function("() => document.querySelector('output').textContent.startsWith('the output')")
    assert "0.881" in words()
    assert not any("−0.119" in text for text in words())
    page.get_by_role("button", name="Next").click()
    page.wait_for_function("() => document.querySelector('output').textContent.startsWith('the error')")
    assert "δ −0.119" in words()
    assert page.get_by_role("button", name="Next").is_disabled()
    assert tab.errors == []


def test_bars_of_a_stored_table_are_sorted_and_cut(tab, tmp_path):
    rows = [[0.1, 0.6, 0.3], [0.5, 0.2, 0.3]]
    made = live.figure(
        [live.slider("eps", [0, 1], 0, label="strength")],
        [live.bars(["cat", "dog", "owl"], live.table("p", "eps"), label="chance (no unit)", top=2, alt="")],
        tables={"p": rows}, readout="{eps}", alt=ALT,
    )  # fmt: skip
    page = opened(tab, tmp_path, made)
    texts = lambda: page.locator("figure svg text").all_text_contents()[:4]  # noqa: E731
    assert texts() == ["dog", "0.600", "owl", "0.300"]
    page.get_by_role("slider").press("ArrowRight")
    page.wait_for_function("() => document.querySelector('output').textContent === '1'")
    assert texts() == ["cat", "0.500", "owl", "0.300"]


def test_contours_paths_and_clouds_lie_where_their_formulas_say(tab, tmp_path):
    cloud = np.array([[0.0, 1.0], [0.5, 0.25]])
    circle = live.formula(Symbol("a") ** 2 + Symbol("b") ** 2)
    axes = live.axis("a (no unit)", -2, 2), live.axis("b (no unit)", -2, 2)
    made = live.figure(
        [live.slider("size", [1, 2], 1)],
        [live.plane(*axes, live.contours("f", "a", "b", [1.0]), live.path("t", "half", "t", (0, "size")),
                    live.points(live.table("x", "size"), [0.0, 0.0]), live.mark("size", 0),
                    alt="A circle", square=True)],
        formulas={"f": circle, "half": live.formula(t / 2)}, tables={"x": cloud}, readout="{size}", alt=ALT,
    )  # fmt: skip
    page = opened(tab, tmp_path, made)
    drawn = page.locator("figure > svg > g").last.locator("path")
    numbers = re.findall(r"[\d.]+", drawn.first.get_attribute("d"))
    ring = np.array([float(number) for number in numbers])
    x, y = (ring[::2] - 58) / 390 * 4 - 2, (354 - ring[1::2]) / 342 * 4 - 2
    assert np.hypot(x, y) == pytest.approx(1, abs=0.01)
    assert drawn.last.get_attribute("d").startswith("M253.0 183.0")
    assert drawn.last.get_attribute("d").endswith("L350.5 140.3")
    assert page.locator("figure > svg circle").count() == 3
    assert tab.errors == []


def test_pictures_change_with_their_own_texts(tab, tmp_path):
    dots = ["data:image/png;base64," + DOT] * 2
    made = live.figure(
        [live.slider("blur", [0, 2], 0)], [live.pictures(dots, "blur", alts=["sharp", "blurred"], alt="")],
        readout="{blur}", alt=ALT,
    )  # fmt: skip
    page = opened(tab, tmp_path, made)
    assert page.locator("figure img").get_attribute("alt") == "sharp"
    page.get_by_role("slider").press("ArrowRight")
    page.wait_for_function("() => document.querySelector('figure img').alt === 'blurred'")


def test_a_pointer_on_the_plane_moves_two_controls(tab, tmp_path):
    stops = np.linspace(-1, 1, 21)
    axes = live.axis("p (no unit)", -1, 1), live.axis("q (no unit)", -1, 1)
    made = live.figure(
        [live.slider("p", stops, 0), live.slider("q", stops, 0)],
        [live.plane(*axes, live.mark("p", "q"), alt="One point", square=True, drag=("p", "q"))],
        readout="{p} and {q}", alt=ALT,
    )  # fmt: skip
    page = opened(tab, tmp_path, made)
    box = page.locator("figure > svg").bounding_box()
    scale = box["width"] / 460
    page.mouse.click(box["x"] + scale * (58 + 390 * 0.75), box["y"] + scale * (12 + 342 * 0.25))
    page.wait_for_function("() => document.querySelector('output').textContent === '0.5 and 0.5'")


# -- where nothing moves


def test_without_scripts_and_in_print_the_start_stands_there(chromium, tmp_path):
    context = chromium.new_context(java_script_enabled=False)
    page = opened(_plain(context.new_page()), tmp_path)
    assert page.locator(".syw-live img").get_attribute("alt") == ALT
    assert "The rate is 25% of 2/L." in page.locator(".syw-live p").inner_text()
    context.close()
    page = opened(_plain(chromium.new_page()), tmp_path)
    page.emulate_media(media="print")
    assert page.locator(".syw-controls").is_hidden()
    assert page.locator("figure > svg").is_visible()
    page.close()


def _plain(tab):
    tab.errors = []
    return tab


def test_an_output_holds_a_live_page_a_picture_and_the_spec():
    data, metadata = parabola(name="bounce", caption="Steps")._repr_mimebundle_()
    assert {"text/html", "image/svg+xml", "image/png", "text/plain", live.MIME} == set(data)
    assert json.loads(json.dumps(data[live.MIME])) == data[live.MIME]
    assert metadata[SHOWN] == {"kind": "figure", "name": "bounce", "caption": "Steps"}
    assert "http://" not in data["text/html"].replace("http://www.w3.org/", "")
    assert live.SCRIPT.stat().st_size <= 30_000


def test_a_figure_says_what_is_wrong_with_it(monkeypatch):
    monkeypatch.setenv("COURSE_PROFILE", "full")  # in a quick run what a text says of a figure is only told
    for words, match in (
        ({"readout": "{nothing}"}, "'nothing' is no control"),
        ({"alt": "too short"}, "20 characters"),
        ({"holds": {"it rises": False}}, "'it rises' is false"),
        ({"readout": "{bad}", "formulas": {"bad": live.formula(1 / (eta - Rational(1, 2)))}}, "at the start"),
    ):
        with pytest.raises(ValueError, match=match):
            parabola(**words)
    with pytest.raises(ValueError, match="no colour"):
        live.curve("C", "w", colour="red")
    with pytest.raises(ValueError, match="no unit"):
        live.axis("weight", 0, 1)
    with pytest.raises(ValueError, match="two at least"):
        live.slider("a", [1], 1)
    with pytest.raises(ValueError, match="must agree"):
        live.orbit({"w": 1}, {"v": "w"}, 3, "w", "w")


def test_numbers_are_written_alike_in_both_languages(tab, tmp_path):
    page = opened(tab, tmp_path)
    for value in (0, -0.0004, 1234.5678, -2.25, 1e-5, float("inf"), 0.3):
        for how in (".3f", ".0%", ".3g", "d", ""):
            if np.isfinite(value):
                js = page.evaluate("([v, how]) => sywLive.format(v, how)", [value, how])
                assert js == live.write(value, how), (value, how)
    assert live.write(float("inf")) == "∞"
    assert page.evaluate("() => sywLive.format(NaN)") == live.write(float("nan")) == "undefined"
    assert live.write(exp(1)) == "2.71828"


def test_the_picture_of_a_diagram_has_its_lines_between_the_nodes():
    nodes = [live.node(0, 0.2, "x"), live.node(1, 0.8, "a")]
    view = live.diagram(nodes, [live.edge(0, 1)], "step", alt="One line")
    made = live.figure(
        [live.buttons("step", ["one", "two"])], [view], readout="", alt="One line and two nodes"
    )
    (ax,) = still(made.spec["views"], made.values).axes
    assert [ax.lines[0].get_xdata().tolist(), ax.lines[0].get_ydata().tolist()] == [[0, 1], [0.2, 0.8]]
