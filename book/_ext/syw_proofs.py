"""Refuted lines, the notation table and the list of derivations as Markdown, from the objects in helpers."""

from __future__ import annotations

from html import escape

GROUPS = ("sizes and indices", "numbers", "arrays", "functions")


def judged(error) -> dict:
    """An Erratum of helpers.course, judged now, in the form that a ledger stores.

    Raises ClaimFailed unless its reported line is refuted and its correction proved.
    """
    from helpers.claims._proofs import ruled

    return {**ruled(error).to_json(), "given": error.sentences}


def group(entry) -> str:
    """The section of the notation table to which an entry belongs."""
    if entry.shape in ("size", "index"):
        return GROUPS[0]
    if entry.shape == "function":
        return GROUPS[3]
    return GROUPS[1] if getattr(entry.symbol, "is_Symbol", False) else GROUPS[2]


def notation_page(entries: list) -> list[str]:
    """The notation as Markdown: a section and a table for each group."""
    lines: list[str] = []
    for name in GROUPS:
        members = [entry for entry in entries if group(entry) == name]
        extra = {GROUPS[1]: "range", GROUPS[2]: "shape"}.get(name)
        heads = ["in code", "symbol", *([extra] if extra else []), "meaning"]
        lines += [f"## {name.capitalize()}", "", f"| {' | '.join(heads)} |", "|" + ":--|" * len(heads)]
        for e in members:
            cells = [f"`{e.name}`", f"${e.latex}$", *([e.shape] if extra else []), e.meaning]
            lines.append(f"| {' | '.join(cells)} |")
        lines.append("")
    return lines


def derivations_page(chapters: dict[str, list[tuple[str, str, str, str]]]) -> list[str]:
    """Every derivation below the title of its chapter: {title: [(number, address, heading, cell)]}."""
    lines: list[str] = []
    for chapter, derivations in chapters.items():
        lines += [f"## {chapter}", ""]
        for number, address, heading, cell in derivations:
            link = f'<a class="syw-ref" href="{escape(address)}">{number}</a>'
            fold = '<details class="syw-as-latex"><summary>as LaTeX</summary>'
            source = f"{fold}<pre>{escape(cell)}</pre></details>"
            # Without line ends: an empty line would end the HTML block.
            lines += [f"{link}: {heading}", "", source.replace("\n", "&#10;"), ""]
    return lines
