"""Code on the site: each line in an element of its own, so that a long one wraps below its own indent.

Names, signs and spaces have the colour of the text and need no element: they were two thirds of all. A quoted
number, which a notebook marks as code, looks like any other number.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from docutils import nodes
from pygments.formatters import HtmlFormatter
from pygments.token import Name, Operator, Punctuation, String, Text, Whitespace, _TokenType
from sphinx.application import Sphinx
from sphinx.highlighting import PygmentsBridge

from helpers.claims import shown

PLAIN = {Name, Name.Namespace, Name.Other, Operator, Punctuation, Punctuation.Marker, Text, Whitespace}
OWN_COLOUR = (String.Regex, String.Symbol)  # every other part of a string is as green as the string
TAG = re.compile(r"<[^>]*>|&\w+;")
SHORT = 42  # signs of a line that fits on every phone, and so needs no element that says how it wraps
INDENT = re.compile(r"(?:<[^>]+>)*( *)")


class Lines(HtmlFormatter):
    """Pygments' formatter with a `syw-line` around each line, and no element where there is no colour."""

    def _get_css_classes(self, ttype: _TokenType) -> str:
        if ttype in PLAIN:
            return ""
        return super()._get_css_classes(String if ttype in String and ttype not in OWN_COLOUR else ttype)

    def wrap(self, source: Iterable[tuple[int, str]]) -> Iterator[tuple[int, str]]:
        return super().wrap((is_code, line(text) if is_code else text) for is_code, text in source)


def line(html: str) -> str:
    if len(TAG.sub("", html)) <= SHORT:
        return html
    indent = len(INDENT.match(html)[1])
    return f'<span class="syw-line" style="--indent: {indent}">{html}</span>'


def plain_numbers(app: Sphinx, doctree: nodes.document) -> None:
    for literal in list(doctree.findall(nodes.literal)):
        made = shown.inline(f"`{literal.astext()}`")
        if not made.startswith("<"):
            literal.replace_self(nodes.Text(made))


def setup(app: Sphinx) -> None:
    PygmentsBridge.html_formatter = Lines
    app.connect("doctree-read", plain_numbers)
