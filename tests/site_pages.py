"""The pages of the built site, and how many of each kind `make test` looks at; a trial takes them all."""

from __future__ import annotations

from pathlib import Path

import site_server
from sampling import sample

SITE = Path(__file__).resolve().parents[1] / "_build" / "html"
PAGES = site_server.pages(SITE) or [Path("book/intro.html")]
CHAPTERS = [page for page in PAGES if page.parts[0] == "notebooks"]
MADE = [page for page in PAGES if page.parts[:2] == ("book", "api")]  # by one template, from docstrings
WRITTEN = [page for page in PAGES if page not in (*CHAPTERS, *MADE)]


def some(written: int, chapters: int) -> list[Path]:
    """About one in so many of the pages of each kind, and one in five of those that a template makes."""
    return [*sample(WRITTEN, written), *sample(MADE, 5), *sample(CHAPTERS, chapters)]
