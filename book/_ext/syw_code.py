"""Code on the site: each line in an element of its own, so that a long one wraps below its own indent."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from pygments.formatters import HtmlFormatter
from sphinx.application import Sphinx
from sphinx.highlighting import PygmentsBridge

INDENT = re.compile(r"(?:<[^>]+>)*( *)")


class Lines(HtmlFormatter):
    """Pygments' formatter with a `syw-line` around each line of code."""

    def wrap(self, source: Iterable[tuple[int, str]]) -> Iterator[tuple[int, str]]:
        return super().wrap((is_code, line(text) if is_code else text) for is_code, text in source)


def line(html: str) -> str:
    indent = len(INDENT.match(html)[1])
    return f'<span class="syw-line" style="--indent: {indent}">{html}</span>'


def setup(app: Sphinx) -> None:
    PygmentsBridge.html_formatter = Lines
