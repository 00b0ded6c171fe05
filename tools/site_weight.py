"""What a page of the built site weighs: bytes as sent (gzip) without its figures, scripts, elements."""

from __future__ import annotations

import gzip
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from site_requests import soup

TRANSFER, SCRIPTS, NODES = 600_000, 1_200_000, 12_000  # at most, for a chapter
COMPRESSED = {".woff2", ".woff", ".png", ".jpg"}  # already
FIGURE = re.compile(r"<svg\b.*?</svg>|data:image/[^\"')]*", re.DOTALL)
FONTS_OF_EVERY_PAGE = ("maths/syw-maths.woff2",)


@dataclass(frozen=True)
class Weight:
    transfer: int  # bytes, compressed: the page without its figures, its styles, scripts and fonts
    scripts: int  # bytes, as the browser has to read them
    nodes: int  # elements in the page, figures included


@cache
def sent(path: Path) -> int:
    """Bytes of a file as a server sends it."""
    content = path.read_bytes()
    return len(content) if path.suffix in COMPRESSED else len(gzip.compress(content, 6))


def loaded(site: Path, page: Path) -> list[Path]:
    """The styles, scripts and fonts that a browser with scripts loads with a page, each once."""
    found = []
    for tag in soup(site / page).select("script[src], link[rel=stylesheet][href]"):
        if tag.find_parent("noscript"):
            continue
        address = str(tag.get("src") or tag.get("href")).partition("?")[0]
        found.append((site / page.parent / address).resolve())
    fonts = [site / "_static" / name for name in FONTS_OF_EVERY_PAGE]
    return list(dict.fromkeys([*found, *(font for font in fonts if font.is_file())]))


def weigh(site: Path, page: Path) -> Weight:
    html = FIGURE.sub("", (site / page).read_text(encoding="utf-8"))
    files = loaded(site, page)
    inline = soup(site / page).select("script:not([src])")
    return Weight(
        len(gzip.compress(html.encode(), 6)) + sum(map(sent, files)),
        sum(path.stat().st_size for path in files if path.suffix == ".js")
        + sum(len(tag.get_text().encode()) for tag in inline if "json" not in str(tag.get("type"))),
        len(soup(site / page).find_all(True)),
    )


def too_heavy(site: Path, page: Path) -> list[str]:
    """The limits that a page breaks, a sentence each."""
    weight = weigh(site, page)
    found = []
    if weight.transfer > TRANSFER:
        found.append(f"{page} loads {weight.transfer:,} bytes, more than {TRANSFER:,}.")
    if weight.scripts > SCRIPTS:
        found.append(f"{page} has scripts of {weight.scripts:,} bytes, more than {SCRIPTS:,}.")
    if weight.nodes > NODES:
        found.append(f"{page} has {weight.nodes:,} elements, more than {NODES:,}.")
    return found
