"""Oracles: scipy.stats for bands, the artists matplotlib holds, an XML parser, the WCAG contrast formula."""

from __future__ import annotations

import base64
import io
import subprocess
import sys
import xml.etree.ElementTree as ET
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from PIL import Image
from scipy import stats

from helpers import plots
from helpers.plots import PALETTE

ALT = "Two lines: the first falls, the second rises."
HISTORY = SimpleNamespace(
    step=[1, 2, 3], epoch=[0.2, 0.4, 0.6], train_loss=[3.0, 2.0, 1.0], valid_loss=[3.5, 2.5, 2.6],
    best_step=2, best_epoch=0.4,
)  # fmt: skip


def loss_figure():
    fig, ax = plots.figure(size=plots.SMALL)
    plots.curves(HISTORY, ax=ax)
    return fig


def luminance(colour: str) -> float:
    channels = (int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return float(np.dot(linear, (0.2126, 0.7152, 0.0722)))


def contrast(a: str, b: str) -> float:
    high, low = sorted((luminance(a), luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


# -- drawing


def test_curves_draws_the_history():
    _, ax = plots.figure()
    assert plots.curves(HISTORY, ax=ax) is ax
    train, valid, kept = ax.lines
    assert list(train.get_ydata()) == HISTORY.train_loss
    assert list(valid.get_ydata()) == HISTORY.valid_loss
    assert (train.get_color(), valid.get_color()) == (PALETTE["blue"], PALETTE["orange"])
    assert kept.get_xdata()[0] == HISTORY.best_step
    assert [t.get_text() for t in ax.get_legend().get_texts()] == ["training", "validation", "kept"]


def test_curves_without_a_best_step():
    _, ax = plots.figure()
    unstopped = SimpleNamespace(**{**vars(HISTORY), "best_step": None})
    assert len(plots.curves(unstopped, ax=ax).lines) == 2


def test_mean_band_is_scipys_interval():
    runs = np.random.default_rng(0).normal(size=(5, 7))
    _, ax = plots.figure()
    plots.mean_band(range(7), runs, ax=ax, label="five seeds")
    low, high = stats.t.interval(0.95, 4, loc=runs.mean(0), scale=stats.sem(runs))
    drawn = ax.collections[0].get_paths()[0].vertices
    assert np.allclose(ax.lines[0].get_ydata(), runs.mean(0))
    for end in (low, high):
        assert all(np.isclose(drawn[:, 1], value).any() for value in end)


@pytest.mark.parametrize("shape", [(5,), (5, 6), (1, 7)])
def test_mean_band_refuses(shape):
    _, ax = plots.figure()
    with pytest.raises(ValueError, match=r"seeds|two runs"):
        plots.mean_band(range(7), np.zeros(shape), ax=ax)


def test_interval_bars():
    _, ax = plots.figure()
    runs = {"in order": [31, 33, 35], "shuffled": [16]}
    plots.interval_bars(runs, ax=ax, xlabel="stopped after (epochs)", reported={"shuffled": 17, "other": 1})
    low, high = stats.t.interval(0.95, 2, loc=33, scale=stats.sem([31, 33, 35]))
    bar = ax.containers[0].lines[2][0].get_segments()[0]
    assert bar[:, 0] == pytest.approx([low, high])
    ring = ax.lines[-1]
    assert (list(ring.get_xdata()), list(ring.get_ydata())) == ([17], [1])
    assert [t.get_text() for t in ax.get_yticklabels()] == list(runs)
    ax.figure.draw_without_rendering()
    legend = ax.get_legend().get_window_extent()
    assert legend.y0 >= ax.get_window_extent().y1, "the ring of the legend stands among the values"


@pytest.mark.parametrize("shape", [(2, 784), (2, 28, 28), (2, 1, 28, 28)])
def test_images_from_tensors(shape):
    x = torch.rand(shape)
    _, axs = plots.figure(1, 3)
    assert plots.images(x, ["a", "b"], axs=axs) is axs
    for k in range(2):
        assert np.allclose(axs[k].images[0].get_array(), x[k].reshape(28, 28))
    assert not axs[2].images
    assert not axs[2].axison


def test_weights_image_is_centred():
    w = np.linspace(-1, 3, 784)
    _, ax = plots.figure()
    image = plots.weights_image(w, ax=ax).images[0]
    assert (image.norm.vmin, image.norm.vmax) == (-3, 3)
    nothing, most = image.cmap(0.5), image.cmap(1.0)
    assert nothing[3] < 0.01
    assert most[3] == 1
    assert [image.cmap(at)[3] for at in (0.1, 0.4, 0.6, 0.9)] == pytest.approx([0.8, 0.2, 0.2, 0.8], abs=0.01)
    plots.weights_image(np.zeros(784), ax=ax)  # no division by the range 0


def test_heatmap_writes_each_number():
    _, ax = plots.figure()
    plots.heatmap(
        [[0.5, 1], [2, 3]], [1, 2], [3, 4], ax=ax, xlabel="rate (per step)", ylabel="λ (no unit)", fmt=".1f"
    )
    assert {(t.get_position(), t.get_text()) for t in ax.texts} == {
        ((0, 0), "0.5"), ((1, 0), "1.0"), ((0, 1), "2.0"), ((1, 1), "3.0")
    }  # fmt: skip
    with pytest.raises(ValueError, match="rows by columns"):
        plots.heatmap(np.zeros((2, 3)), [1, 2], [3, 4], ax=ax, xlabel="", ylabel="")


def test_heatmaps_side_by_side_share_a_tint_and_leave_gaps_empty():
    _, axs = plots.figure(1, 2)
    for ax, values in zip(axs, ([[0.5, np.nan]], [[0.9, 0.7]]), strict=True):
        plots.heatmap(values, [1], [3, 4], ax=ax, xlabel="x (no unit)", ylabel="y (no unit)", limits=(0, 1))
    assert [ax.images[0].get_clim() for ax in axs] == [(0, 1), (0, 1)]
    assert [text.get_text() for text in axs[0].texts] == ["0.500"]
    plots.heatmap([[np.nan, 2.0, 3.0]], [1], [3, 4, 5], ax=axs[0], xlabel="", ylabel="")
    assert axs[0].images[-1].get_clim() == (2, 3)


def test_nothing_is_wider_than_the_page():
    with pytest.raises(ValueError, match="inches"):
        plots.figure(size=(8, 3))


# -- colours


@pytest.mark.parametrize("name", [name for name in PALETTE if name != "rule"])
def test_colours_read_on_white_and_on_dark(name):
    assert contrast(PALETTE[name], "#ffffff") >= 3  # WCAG 2.1, 1.4.11: graphical objects
    assert contrast(PALETTE[name], "#121212") >= 3


# -- showing


def test_svg_carries_its_alternative_text():
    text = 'Loss < 1 & "falling" from the first step on.'
    svg = ET.fromstring(plots.to_svg(loss_figure(), text.replace('"', "'")))
    assert svg.get("role") == "img"
    assert svg.get("aria-label") == text.replace('"', "'")
    assert svg[0].tag.endswith("title")
    assert svg[0].text == text.replace('"', "'")
    assert ET.fromstring(plots.to_svg(loss_figure(), text)).get("aria-label") == text


def test_svg_is_the_same_every_time_and_ids_differ_between_figures():
    assert plots.to_svg(loss_figure(), ALT) == plots.to_svg(loss_figure(), ALT)
    ids = [
        {e.get("id") for e in ET.fromstring(plots.to_svg(loss_figure(), alt)).iter()} - {None}
        for alt in (ALT, "b")
    ]
    assert ids[0]
    assert not ids[0] & ids[1]


def test_every_reference_in_the_svg_resolves():
    fig, axs = plots.figure(1, 2)
    plots.curves(HISTORY, ax=axs[0])
    plots.images(np.random.default_rng(0).random((1, 28, 28)), axs=axs[1:])
    text = plots.to_svg(fig, ALT)
    svg = ET.fromstring(text)
    ids = {e.get("id") for e in svg.iter()}
    links = [e.get("{http://www.w3.org/1999/xlink}href", "") for e in svg.iter()]
    local = {link[1:] for link in links if link.startswith("#")}
    assert local
    assert local <= ids


def test_svg_leaks_nothing_into_the_page():
    fig = loss_figure()
    fig.axes[0].text(1, 2, "made without the style")
    fig.axes[0].legend()
    text = plots.to_svg(fig, ALT)
    assert "<style" not in text
    assert "<?xml" not in text
    assert "DOCTYPE" not in text
    assert "#000000" not in text
    assert "#ffffff" not in text
    assert "DejaVu" not in text
    assert len(text) < 60_000


@pytest.mark.parametrize(
    ("xlabel", "ylabel", "complaint"),
    [
        ("", "loss (nats)", "x axis has no label"),
        ("step", "", "y axis has no label"),
        ("step", "loss", "'loss' has no unit"),
        ("rate", "loss (nats)", "'rate' has no unit"),
    ],
)
def test_labels_and_units_are_demanded(xlabel, ylabel, complaint):
    fig = loss_figure()
    fig.axes[0].set(xlabel=xlabel, ylabel=ylabel)
    with pytest.raises(ValueError, match=complaint):
        plots.show(fig, alt=ALT)


def test_inner_axes_of_a_shared_grid_need_no_label():
    fig, axs = plots.figure(1, 2, sharey=True)
    for ax in axs:
        plots.curves(HISTORY, ax=ax)
    axs[1].set_ylabel("")
    plots.check_labels(fig)


@pytest.mark.parametrize("alt", ["", "too short", " " * 40])
def test_alternative_text_is_demanded(alt):
    with pytest.raises(ValueError, match="alternative text"):
        plots.show(loss_figure(), alt=alt)


def test_large_figures_are_refused():
    fig, ax = plots.figure()
    ax.plot(np.random.default_rng(0).random(20_000))
    ax.set(xlabel="step", ylabel="noise (no unit)")
    with pytest.raises(ValueError, match="fewer points"):
        plots.show(fig, alt=ALT)


def test_show_displays_svg_and_text(monkeypatch):
    import IPython.display

    shown = []
    monkeypatch.setattr("IPython.get_ipython", lambda: object())
    monkeypatch.setattr(IPython.display, "display", lambda data, raw, metadata: shown.append(data))
    assert plots.show(loss_figure(), alt=ALT) is None
    assert shown[0]["text/plain"] == ALT
    assert shown[0]["image/svg+xml"].startswith("<svg")
    with Image.open(io.BytesIO(base64.b64decode(shown[0]["image/png"]))) as picture:
        assert (picture.format, picture.mode) == ("PNG", "P")
        assert len(picture.convert("RGBA").getcolors(100_000)) > 5  # it is not empty


def test_import_loads_neither_pyplot_nor_torch():
    code = "import sys, helpers.plots; print([m for m in ('matplotlib.pyplot', 'torch') if m in sys.modules])"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"


# -- what is said of a figure, and tables


def test_a_statement_about_a_figure_has_to_be_true(monkeypatch):
    monkeypatch.setenv("COURSE_PROFILE", "full")
    train, valid = np.array([3.0, 1.0]), np.array([3.5, 0.5])
    plots.require({"the validation loss ends lower": valid[-1] < train[-1]})
    with pytest.raises(ValueError, match="'the validation loss ends higher' is false"):
        plots.show(loss_figure(), alt=ALT, holds={"the validation loss ends higher": valid[-1] > train[-1]})


@pytest.mark.parametrize(
    ("tier", "pytest_runs", "raises"),
    [("embedded", True, False), ("folder", True, True), ("folder", False, False)],
)
def test_a_readers_quick_run_goes_on_where_its_figure_is_another_one(
    tier, pytest_runs, raises, monkeypatch, capsys
):
    monkeypatch.setenv("COURSE_PROFILE", "quick")
    monkeypatch.setenv("COURSE_TIER", tier)
    if not pytest_runs:
        monkeypatch.delenv("PYTEST_VERSION")
    if raises:
        with pytest.raises(ValueError, match="is false"):
            plots.require({"it rises": False})
        return
    plots.require({"it rises": False, "it falls": True})
    assert capsys.readouterr().out == (
        "In this run it is not so that “it rises”: the text describes the published figure.\n"
    )


def test_a_table_is_html_with_its_caption_and_text_in_columns():
    made = plots.table({"rate": ["small", "large"], "loss (nats)": [0.25, -1234.0]}, caption="Losses & rates")
    data, metadata = made._repr_mimebundle_()
    root = ET.fromstring(data["text/html"])
    assert [cell.text for cell in root.iter("th")] == ["rate", "loss (nats)", "small", "large"]
    assert [cell.text for cell in root.iter("td")] == ["0.25", "−1,234"]
    assert root.find("caption").text == "Losses & rates"
    assert data["text/plain"] == "rate   loss (nats)\nsmall  0.25\nlarge  −1,234"
    assert metadata[plots.SHOWN]["kind"] == "table"
    maths = plots.table({"equation": ["$a_1 < b$"]}, caption="One")._repr_mimebundle_()[0]["text/html"]
    assert ET.fromstring(maths).find(".//span").text == r"\(a_1 < b\)"
    with pytest.raises(ValueError, match="differ in length"):
        plots.table({"a": [1, 2], "b": [1]}, caption="Two columns")
    with pytest.raises(ValueError, match="needs a caption"):
        plots.table({"a": [1, 2]}, caption=" ")
