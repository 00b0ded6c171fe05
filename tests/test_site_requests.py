"""Oracle: pages on which each way to another host is planted, those that open late among them."""

from __future__ import annotations

from pathlib import Path

import pytest
import site_requests
import site_server
from site_pages import SITE, some

OTHER = "http://other.invalid/x"
LATE = {
    "after a while": f"<script>setTimeout(() => fetch('{OTHER}'), 8000)</script>",
    "on scrolling": f"<script>addEventListener('scroll', () => fetch('{OTHER}'))</script>",
    "on a click": f"<script>document.onclick = () => {{ new Image().src = '{OTHER}'; }}</script>",
    "on a moved pointer": f"<script>document.onmousemove = () => fetch('{OTHER}')</script>",
    "on a key": f"<script>document.onkeydown = () => fetch('{OTHER}')</script>",
    "on leaving": f"<script>addEventListener('pagehide', () => navigator.sendBeacon('{OTHER}'))</script>",
    "when it becomes hidden": "<script>document.onvisibilitychange = () => "
    f"navigator.sendBeacon('{OTHER}')</script>",
    "a picture below": f'<div style="height: 9000px"></div><img loading="lazy" src="{OTHER}" alt="a">',
}
TOLD = {
    "a ping": f'<a href="a.html" ping="{OTHER}">a</a>',
    "a second ping": f'<a href="a.html" ping="b.html {OTHER}">a</a>',
    "a form": f'<form action="{OTHER}"><button>send</button></form>',
    "a button": f'<form action="a.html"><button formaction="{OTHER}">send</button></form>',
    "a redirect": f'<meta http-equiv="Refresh" content="5; url={OTHER}">',
    "an early connection": f'<link rel="preconnect" href="{OTHER}">',
    "a larger picture": f'<img src="a.png" srcset="a.png 1x, {OTHER} 2x" alt="a">',
}


@pytest.mark.parametrize("page", some(written=4, chapters=8), ids=str)
def test_a_page_asks_no_other_host_however_long_it_is_used(chromium, page):
    assert (SITE / page).is_file(), "The site is not built: run make book first."
    with site_server.serve(SITE) as address:
        assert site_requests.asked(chromium, address, page) == []


def planted(folder: Path, fault: str) -> Path:
    head = "<!DOCTYPE html><title>t</title><article><p>A text to click on.</p>"
    (folder / "a.html").write_text(f"{head}{fault}</article>", encoding="utf-8")
    return Path("a.html")


def test_each_late_request_is_seen(chromium, tmp_path):
    """All on one page, each to an address of its own."""
    places = {name: f"{OTHER}/{number}" for number, name in enumerate(LATE)}
    page = planted(tmp_path, "".join(LATE[name].replace(OTHER, place) for name, place in places.items()))
    with site_server.serve(tmp_path) as address:
        found = site_requests.asked(chromium, address, page)
    assert [name for name, place in places.items() if not any(f.endswith(place) for f in found)] == []


def test_a_page_that_asks_nobody_is_let_through(chromium, tmp_path):
    page = planted(tmp_path, "<script>setTimeout(() => fetch('a.html'), 5000)</script>")
    with site_server.serve(tmp_path) as address:
        assert site_requests.asked(chromium, address, page) == []


@pytest.mark.parametrize("name", TOLD)
def test_what_a_page_tells_the_browser_is_read(tmp_path, name):
    (problem,) = site_requests.told(tmp_path, planted(tmp_path, TOLD[name]))
    assert "other.invalid" in problem


def test_a_form_and_a_link_of_our_own_are_let_through(tmp_path):
    sound = '<form action="search.html"></form><a href="https://other.invalid/x">a link to follow</a>'
    assert site_requests.told(tmp_path, planted(tmp_path, sound)) == []
