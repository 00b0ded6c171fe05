"""What can be wrong with a built page: links and images by reading it, the rest by looking in a browser.

Every function returns problems as sentences, one each; an empty list means that nothing was found.
Run as a script it checks all pages of _build/html and exits with status 1 if there is a problem.
"""

from __future__ import annotations

import re
import sys
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

import browser
import site_requests
import site_server
from bs4 import Tag
from site_requests import soup

ROOT = Path(__file__).resolve().parents[1]
MISSING = "The site is not built: run make book first."
LOADS = {"script": "src", "img": "src", "iframe": "src", "source": "src", "video": "src", "audio": "src",
         "embed": "src", "object": "data", "link": "href"}  # fmt: skip
NAMED_ONLY = {"canonical", "next", "prev", "search", "index", "author", "license"}  # of <link>: not loaded
RAW_MATHS = r"\\\(|\\\[|\\(frac|sum|begin|partial|hat|text|sigma|left|right)\b|\$\$|\$[^\s$][^$\n]*\$"
TWICE, LITERAL = re.compile(r"&(?:#x?\w+|amp|lt|gt|quot);"), ["pre", "code", "script", "style", "textarea"]


# ---------------------------------------------------------------- by reading
@cache
def anchors(path: Path) -> frozenset[str]:
    """Every id of a page, and every name of an <a>."""
    tags = soup(path).find_all(True)
    names = {tag["name"] for tag in tags if tag.name == "a" and tag.get("name")}
    return frozenset(names | {tag["id"] for tag in tags if tag.get("id")})


def is_external(address: str) -> bool:
    return urlsplit(address).scheme in ("http", "https") or address.startswith("//")


def link_problems(site: Path, page: Path) -> list[str]:
    """Internal links and anchors that lead nowhere, and files that the page loads and the site lacks."""
    problems = []
    for tag in soup(site / page).find_all(True):
        address = tag.get("href") if tag.name in ("a", "link") else tag.get(LOADS.get(tag.name, ""))
        if not address or is_external(address) or urlsplit(address).scheme:
            continue
        parts = urlsplit(address)
        place = site / page.parent / unquote(parts.path) if parts.path else site / page
        target = place.resolve()
        if not target.is_file():
            problems.append(f"{page}: {address} leads to no file.")
        elif parts.fragment and target.suffix == ".html" and unquote(parts.fragment) not in anchors(target):
            problems.append(f"{page}: {address} leads to no anchor.")
    return problems


def load_problems(site: Path, page: Path) -> list[str]:
    """Scripts, styles, images and frames that come from another host."""
    problems = []
    for tag in soup(site / page).find_all(list(LOADS)):
        address = tag.get(LOADS[tag.name]) or ""
        if is_external(address) and not (tag.name == "link" and set(tag.get("rel") or []) & NAMED_ONLY):
            problems.append(f"{page}: <{tag.name}> loads {address} from another host.")
    return problems


def described(image: Tag) -> bool:
    """Has the image a text?"""
    if image.name == "img":
        return bool((image.get("alt") or "").strip())
    return bool((image.get("aria-label") or "").strip()) or image.get("aria-hidden") == "true"


def image_problems(site: Path, page: Path) -> list[str]:
    """Images and drawings without alternative text."""
    images = soup(site / page).select("img, .syw-figure svg, svg.syw-strip")
    bare = [str(image)[:80] for image in images if not described(image)]
    return [f"{page}: an image has no alternative text: {image}" for image in bare]


def name_problems(site: Path, page: Path) -> list[str]:
    """Links and headings of which a screen reader would say nothing."""

    def name(tag: Tag) -> str:
        pictures = " ".join(image.get("alt") or "" for image in tag.find_all("img"))
        drawings = " ".join(drawing.get("aria-label") or "" for drawing in tag.find_all("svg"))
        words = (tag.get("aria-label"), tag.get("title"), pictures, drawings, tag.get_text())
        return " ".join(filter(None, words)).strip()

    found = soup(site / page).select("a[href], h1, h2, h3, h4")
    return [f"{page}: no name: {str(tag)[:80]}" for tag in found if not name(tag)]


def escape_problems(site: Path, page: Path) -> list[str]:
    """Words that were escaped twice, so that a reader sees &#x27; for an apostrophe."""
    found = [text for text in soup(site / page).find_all(string=TWICE) if not text.find_parents(LITERAL)]
    return [f"{page}: escaped twice: {text.strip()[:60]}" for text in found]


def read_problems(site: Path, page: Path) -> list[str]:
    return [problem for check in CHECKS for problem in check(site, page)]


CHECKS = (link_problems, load_problems, image_problems, name_problems, escape_problems, site_requests.told)


# ---------------------------------------------------------------- by looking
LOOK = """(raw) => {
  const skip = "pre, code, script, style, math, svg, textarea";
  const parts = {mfrac: 2, mroot: 2, msub: 2, msup: 2, munder: 2, mover: 2, msubsup: 3, munderover: 3};
  const shown = [...document.querySelectorAll("article *")].filter(e => !e.closest(skip));
  const own = e => [...e.childNodes].filter(n => n.nodeType === 3).map(n => n.textContent).join(" ");
  return {
    raw: shown.map(own).filter(t => new RegExp(raw).test(t)).map(t => t.trim().slice(0, 60)),
    errors: [...document.querySelectorAll(Object.keys(parts).map(name => `article ${name}`).join(","))]
      .filter(e => e.childElementCount !== parts[e.localName]).map(e => e.outerHTML.slice(0, 60)),
    unset: [...document.querySelectorAll("article :is(.math, .syw-math)")]
      .filter(e => !e.querySelector("math")).map(e => e.textContent.slice(0, 60)),
  };
}"""
WIDE = """() => {
  const scrolls = e => {
    for (let p = e.parentElement; p && p !== document.body; p = p.parentElement)
      if (["auto", "scroll", "hidden"].includes(getComputedStyle(p).overflowX)) return true;
    return false;
  };
  const sticksOut = e => e.getBoundingClientRect().right > innerWidth + 1 && !scrolls(e);
  const name = e => `<${e.tagName.toLowerCase()} class="${e.getAttribute("class") || ""}">`;
  const cut = e => e.matches(".logo__title") ? e.scrollWidth > e.clientWidth : sticksOut(e);
  const all = [...document.querySelectorAll("article *, .logo__title")];
  const parts = all.filter(cut).slice(0, 3).map(name);
  return {page: document.documentElement.scrollWidth - innerWidth, parts};
}"""


class Look:
    """A tab that notes what a page asks for and complains about while it is open."""

    def __init__(self, tab, address: str) -> None:
        self.tab, self.address, self.noted = tab, address, []
        tab.on("request", lambda r: self._note(not self._ours(r.url), f"request to another host: {r.url}"))
        tab.on("console", lambda m: self._note(m.type == "error", f"console error: {m.text}"))
        tab.on("pageerror", lambda e: self._note(True, f"script error: {e}"))
        tab.on("response", lambda r: self._note(r.status >= 400, f"HTTP {r.status} for {r.url}"))

    def _note(self, wrong: bool, problem: str) -> None:
        if wrong:
            self.noted.append(problem)

    def _ours(self, url: str) -> bool:
        return url.startswith((self.address, "data:", "blob:"))

    def problems(self, page: Path | str) -> list[str]:
        """Everything that looking at the page on two desktops and on a phone brings to light."""
        self.noted.clear()
        self.tab.set_viewport_size({"width": 1280, "height": 900})
        self.tab.goto(f"{self.address}/{page}", wait_until="load")
        seen = self.tab.evaluate(LOOK, RAW_MATHS)
        found = [f"raw maths: {text}" for text in seen["raw"]]
        found += [f"maths with missing parts: {text}" for text in seen["errors"]]
        found += [f"a formula is not typeset: {text}" for text in seen["unset"]]
        for width in (1280, 1000, 390):  # desktop, the narrowest with a sidebar, phone
            found += self._width_problems(width)
        return [f"{page}: {problem}" for problem in [*self.noted, *found]]

    def _width_problems(self, width: int) -> list[str]:
        self.tab.set_viewport_size({"width": width, "height": 844})
        seen = self.tab.evaluate(WIDE)
        if seen["page"] <= 0 and not seen["parts"]:
            return []
        return [f"at {width} px something is too wide: {', '.join(seen['parts']) or 'the page'}"]


def main() -> int:
    from playwright.sync_api import sync_playwright

    site, executable = ROOT / "_build" / "html", browser.find()
    if executable is None or not (site / "index.html").is_file():
        print(browser.ADVICE if executable is None else MISSING, file=sys.stderr)
        return 1
    problems: list[str] = []
    with site_server.serve(site) as address, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable, args=browser.FLAGS)
        look = Look(chromium.new_page(), address)
        for page in site_server.pages(site):
            problems += read_problems(site, page) + look.problems(page)
        chromium.close()
    print("\n".join(problems) or "The site is sound.")
    return bool(problems)


if __name__ == "__main__":
    raise SystemExit(main())
