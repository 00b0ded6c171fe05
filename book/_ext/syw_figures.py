"""Stored SVG figures go into the page itself, their colours exchanged for the site's variables.

As an <img> a figure could not follow the dark-mode button, and its text would be no text. `helpers.plots`
draws with the colours of its PALETTE; here each becomes `var(--syw-<name>)`, which showwork.css sets for
light and dark.
"""

from __future__ import annotations

import re

from helpers.plots import PALETTE

MANY = 10  # words and numbers: a strip of pictures has fewer, axes have more
STYLE_COLOUR = re.compile(r"#[0-9a-f]{6}\b", re.IGNORECASE)


def recolour(svg: str) -> str:
    """Exchange the palette's colours, in style attributes and presentation attributes, for CSS variables."""
    names = {value.lower(): name for name, value in PALETTE.items()}

    def variable(match: re.Match) -> str:
        name = names.get(match[0].lower())
        return f"var(--syw-{name})" if name else match[0]

    def in_style(match: re.Match) -> str:
        return STYLE_COLOUR.sub(variable, match[0])

    # var() is understood in style="…" only, so fill="#…" and stroke="#…" move there
    svg = re.sub(r'\b(fill|stroke)="(#[0-9a-fA-F]{6})"', r'style="\1: \2"', svg)
    svg = re.sub(r'style="([^"]*)"([^>]*?) style="([^"]*)"', r'style="\1; \3"\2', svg)
    return re.sub(r'style="[^"]*"', in_style, svg)


def flatten(svg: str) -> str:
    """The SVG without comments and without groups that say nothing: two fifths of all elements."""
    open_groups: list[bool] = []  # does the group stay?

    def group(found: re.Match) -> str:
        if found[0].startswith("<g"):
            stays = found[0] != "<g>"
            if not found[0].endswith("/>"):
                open_groups.append(stays)
        else:
            stays = open_groups.pop()
        return found[0] if stays else ""

    return re.sub(r"<g(?:\s[^>]*)?>|</g>", group, re.sub(r"<!--.*?-->", "", svg, flags=re.DOTALL))


def problem(svg: str) -> str | None:
    """What is wrong with a figure, in one sentence, or None."""
    root = re.search(r"<svg\b[^>]*>", svg)
    if root is None:
        return "A stored SVG output holds no <svg> element: show figures with helpers.plots.show."
    label = re.search(r'aria-label="([^"]*)"', root[0])
    if 'role="img"' not in root[0] or label is None or not label[1].strip():
        return "A figure has no alternative text: show it with helpers.plots.show(fig, alt=…)."
    return None


def inline(svg: str) -> str:
    """A stored SVG as it stands in the page; one with much to read is not made as small as a phone."""
    fine = " syw-fine" if "<image" not in svg or svg.count("<text") >= MANY else ""
    return f'<div class="syw-figure{fine}">{flatten(recolour(svg[svg.find("<svg") :]))}</div>'
