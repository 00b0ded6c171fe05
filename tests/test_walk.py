"""The walk of a reader, on a desktop and on a phone: each step presses what a reader would press."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import quote

import pytest
import site_check
import site_server
from playwright.sync_api import expect
from sampling import in_trial

pytestmark = pytest.mark.skipif(not in_trial(), reason="takes minutes: Python is loaded twice; in make trial")
SITE = Path(__file__).resolve().parents[1] / "_build" / "html"
WAIT = 300_000  # milliseconds: Python has to be loaded into the page, on a machine that may be busy
SCREENS = {
    "desktop": {"viewport": {"width": 1280, "height": 900}},
    "phone": {
        "viewport": {"width": 390, "height": 844},
        "is_mobile": True,
        "has_touch": True,
        "device_scale_factor": 2,
    },
}
WRONG = r"""Let $\hat y = \sigma(w x)$ and $C = -y \ln \hat y - (1-y) \ln(1-\hat y)$ with $0 \le y \le 1$.
\frac{\partial C}{\partial w} = (\hat y + y) x"""
RIGHT = WRONG.replace("+ y) x", "- y) x")


class Walk:
    """A tab that notes what it asks other hosts for and what it complains about."""

    def __init__(self, chromium, screen: dict, address: str) -> None:
        self.context = chromium.new_context(color_scheme="light", **screen)
        self.address, self.noted = address, []
        self.tab = self.context.new_page()
        self.tab.set_default_timeout(WAIT)
        expect.set_options(timeout=WAIT)
        self.tab.on("request", lambda r: self._note(not r.url.startswith((address, "data:", "blob:")), r.url))
        self.tab.on("console", lambda m: self._note(m.type in ("error", "warning"), m.text))
        self.tab.on("pageerror", lambda e: self._note(True, str(e)))

    def _note(self, wrong: bool, text: str) -> None:
        if wrong:
            self.noted.append(text)

    def press(self, place) -> None:
        place.scroll_into_view_if_needed()
        place.click()

    def verdicts(self) -> list[str]:
        """What is said of each line of the text in the first field, once the checker is done."""
        button = self.tab.locator(".syw-try-check").first
        expect(self.tab.locator(".syw-try-rows li .syw-verdict").first).to_be_visible()
        expect(button).to_be_enabled()
        return self.tab.locator(".syw-try-rows li .syw-verdict").all_inner_texts()

    def derive(self, box, text: str) -> list[str]:
        box.locator(".syw-try-input").fill(text)
        expect(box.locator(".syw-try-rows li")).to_have_count(0)
        self.press(box.locator(".syw-try-check"))
        expect(box.locator(".syw-try-rows li .syw-verdict").first).to_be_visible()
        expect(box.locator(".syw-try-check")).to_be_enabled()
        return box.locator(".syw-try-rows li .syw-verdict").all_inner_texts()


@pytest.fixture(scope="module")
def address():
    assert (SITE / "index.html").is_file(), site_check.MISSING
    with site_server.serve(SITE) as address:
        yield address


@pytest.fixture(params=SCREENS)
def walk(request, chromium, address):
    walk = Walk(chromium, SCREENS[request.param], address)
    yield walk
    walk.context.close()
    expect.set_options(timeout=5_000)


def spoil_a_line(walk) -> None:
    """The landing page: a line is spoilt, and the checker says at which numbers it fails."""
    walk.tab.goto(f"{walk.address}/")
    walk.tab.wait_for_url("**/book/intro.html")
    assert walk.verdicts() == ["proved", "proved"]
    walk.press(walk.tab.get_by_role("button", name="Flip a sign"))
    expect(walk.tab.locator(".syw-first .syw-try-rows .syw-refuted")).to_be_visible()
    expect(walk.tab.locator(".syw-first .syw-try-point")).to_be_visible()


def move_a_slider(walk) -> None:
    """A chapter by its card, and its first slider by keyboard."""
    walk.press(walk.tab.locator(".syw-card").first)
    walk.tab.wait_for_url("**/notebooks/01-*")
    slider = walk.tab.get_by_role("slider").first
    slider.scroll_into_view_if_needed()
    before = slider.get_attribute("aria-valuetext")
    slider.focus()
    walk.tab.keyboard.press("ArrowRight")
    assert slider.get_attribute("aria-valuetext") != before


def derive(walk) -> None:
    """The chapter's own derivation, first with a wrong sign and then rightly."""
    box = walk.tab.locator(".syw-try[data-kind=text]").first
    walk.press(box.locator("summary").first)
    assert "refuted" in walk.derive(box, WRONG)
    assert walk.derive(box, RIGHT) == ["proved"]


def search(walk) -> None:
    """A term, with its definition above what is found, and from there the page of all claims."""
    walk.tab.locator("button.search-button:visible, .search-button-field:visible").first.click()
    walk.tab.keyboard.type("early stopping")
    walk.tab.keyboard.press("Enter")
    walk.tab.wait_for_url("**/search.html?q=early+stopping")
    expect(walk.tab.locator(".syw-defined")).to_contain_text("early stopping")
    walk.press(walk.tab.locator("#search-results ul.search > li > a", has_text="Reported and measured"))


def follow_a_claim(walk) -> None:
    """A row of the ledger leads to the claim in its chapter."""
    walk.tab.wait_for_url("**/book/reported.html*")
    row = walk.tab.locator("table.syw-ledger tbody tr", has_text="early stopping").first
    claim = row.get_attribute("id")
    walk.press(row.locator("th a"))
    walk.tab.wait_for_url(re.compile(rf"/notebooks/.*#{claim}$"))
    expect(walk.tab.locator(f"#{claim}")).to_be_in_viewport()


def check_by_link(walk) -> None:
    """A derivation of one's own, by a link that holds it."""
    walk.tab.goto(f"{walk.address}/book/check.html#text={quote(RIGHT)}")
    field = walk.tab.locator(".syw-try[data-kind=text]")
    expect(field.locator(".syw-try-input")).to_have_value(RIGHT)
    walk.press(field.locator(".syw-try-check"))
    expect(field.locator(".syw-try-goal")).to_contain_text("right")


def test_a_reader_walks_through_the_book(walk):
    for step in (spoil_a_line, move_a_slider, derive, search, follow_a_claim, check_by_link):
        step(walk)
    assert walk.noted == []


def test_the_walk_notices_what_goes_wrong(walk):
    walk.tab.goto(f"{walk.address}/book/changelog.html")
    walk.tab.evaluate("() => { console.error('no'); fetch('http://127.0.0.1:9/x').catch(() => {}); }")
    walk.tab.wait_for_timeout(500)
    assert "no" in walk.noted
    assert any(text.startswith("http://127.0.0.1:9/") for text in walk.noted)
