"""What a page asks other hosts for, also late: after a while, on scrolling, on a click, when it is left.

`told` reads what a page tells the browser to ask for; `asked` opens the page, does what a reader does, lets
ten seconds pass on the page's own clock, and notes every request.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

from bs4 import BeautifulSoup, Tag

SECONDS = 10  # on the page's clock, which the browser can put forward
AFTER = 300  # ms of real time for a request to arrive
EARLY = {"preconnect", "dns-prefetch", "prefetch", "prerender", "preload", "modulepreload"}
ATTRIBUTES = (
    "ping",
    "action",
    "formaction",
    "background",
    "poster",
    "srcset",
    "imagesrcset",
    "data",
    "manifest",
)
# A click on whatever is no way out of the page, a moved pointer, and all the way down and up again. On the
# page's clock these steps pass without a frame being drawn, so pictures that wait for one are told to load.
USE = """async () => {
  const rest = () => new Promise(done => setTimeout(done, 0));
  for (let part = 0; part <= 8; part++) {
    scrollTo(0, document.documentElement.scrollHeight * part / 8);
    dispatchEvent(new Event("scroll"));
    await rest();
  }
  const text = document.querySelectorAll("article p, article h2, article li, article td");
  for (const place of [document.body, ...[...text].slice(0, 40)])
    for (const kind of ["pointerover", "mousemove", "mousedown", "mouseup", "click"])
      place.dispatchEvent(new MouseEvent(kind, {bubbles: true, cancelable: true}));
  document.querySelectorAll("article details").forEach(fold => { fold.open = true; });
  document.querySelectorAll("[loading=lazy]").forEach(part => { part.loading = "eager"; });
  document.dispatchEvent(new KeyboardEvent("keydown", {key: "a", bubbles: true}));
  scrollTo(0, 0);
  await rest();
}"""


def elsewhere(address: str) -> bool:
    """Does an address name another host?"""
    address = address.strip()
    return urlsplit(address).scheme in ("http", "https", "ws", "wss") or address.startswith("//")


@cache
def soup(path: Path) -> BeautifulSoup:
    """A page as a tree, read once: nobody changes it."""
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


def addresses(tag: Tag) -> Iterator[str]:
    """The addresses that a tag tells the browser to send something to, or to fetch early."""
    for name in ATTRIBUTES:
        yield from str(tag.get(name) or "").replace(",", " ").split()
    if tag.name == "link" and EARLY & {*(tag.get("rel") or [])}:
        yield str(tag.get("href") or "")
    if tag.name == "meta" and str(tag.get("http-equiv", "")).lower() == "refresh":
        yield str(tag.get("content", "")).partition("=")[2].strip("'\" ")
    if tag.name == "base":
        yield str(tag.get("href") or "")


def told(site: Path, page: Path) -> list[str]:
    """Pings, forms, redirects and early connections that lead to another host."""
    found = soup(site / page).find_all(True)
    return [
        f"{page}: <{tag.name}> sends something to {address}, another host."
        for tag in found
        for address in addresses(tag)
        if elsewhere(address)
    ]


class Noting(BaseHTTPRequestHandler):
    """A proxy that lets nothing through and notes what it was asked for."""

    def note(self) -> None:
        self.server.asked.append(self.path)
        self.send_error(403)

    do_GET = do_POST = do_HEAD = do_PUT = do_OPTIONS = do_CONNECT = note

    def log_message(self, *args: object) -> None:
        pass


@contextmanager
def listening() -> Iterator[ThreadingHTTPServer]:
    """A proxy on this machine until the block ends; `asked` lists the addresses that were asked of it."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Noting)
    server.asked = []
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


BROWSERS_OWN = "content-autofill.googleapis.com"  # Chromium asks it about forms; no page can


def asked(chromium, address: str, page: Path | str) -> list[str]:
    """Every request to another host while a reader uses the page at `address`, waits, and leaves.

    A proxy notes them, to which the browser turns for all but this machine: a page's own tools do not tell of
    beacons that are sent while it is left.
    """
    with listening() as proxy:
        through = {"server": f"http://127.0.0.1:{proxy.server_port}", "bypass": "127.0.0.1"}
        context = chromium.new_context(proxy=through)
        tab = context.new_page()
        tab.clock.install()
        tab.goto(f"{address}/{page}", wait_until="load")
        tab.evaluate(f"() => {{ ({USE})(); }}")
        tab.clock.run_for(1000 * SECONDS)
        tab.wait_for_timeout(AFTER)  # leaving at once would take back what has only just been asked for
        tab.goto("about:blank")  # what a page sends when it is left, it sends now
        tab.wait_for_timeout(AFTER)
        context.close()
        return [
            f"{page}: request to another host: {url}"
            for url in dict.fromkeys(proxy.asked)
            if not url.startswith(BROWSERS_OWN)
        ]
