"""Refuted lines and the notation table as Markdown, from the objects in helpers."""

from __future__ import annotations

GROUPS = ("sizes and indices", "numbers", "arrays", "functions")
GREEK = {
    "alpha",
    "beta",
    "gamma",
    "delta",
    "epsilon",
    "eta",
    "theta",
    "lambda",
    "mu",
    "pi",
    "sigma",
    "tau",
    "omega",
}


def symbol(name: str) -> str:
    """LaTeX of a name in a counterexample: lambda and X[2, 1] become \\lambda and X_{2, 1}."""
    base, _, index = name.rstrip("]").partition("[")
    return (f"\\{base}" if base in GREEK else base) + (f"_{{{index}}}" if index else "")


def judged(error) -> dict:
    """An Erratum of helpers.derivations, judged now, in the form that a ledger stores.

    Raises ValueError unless its reported line is refuted and its correction proved.
    """
    from sympy import sympify

    from helpers.derivations import rule
    from helpers.proof import Verdict
    from helpers.proof.printing import latex
    from helpers.proof.verdicts import number

    refuted, corrected = rule(error)
    if corrected.verdict is not Verdict.PROVED:
        raise ValueError(f"The correction of {error.id} is {corrected.verdict}, not proved: correct it.")
    point = [[symbol(name), number(value)] for name, value in refuted.counterexample.items()]
    sides = f"left side {number(refuted.lhs)}, right side {number(refuted.rhs)}"
    lhs, reported, right = (latex(sympify(side)) for side in (error.lhs, error.reported, error.corrected))
    words = {name: getattr(error, name) for name in ("id", "task", "report", "where", "said")}
    return {**words,
            "refuted": {"lhs": lhs, "rhs": reported, "counterexample": point, "text": sides},
            "corrected": {"lhs": lhs, "rhs": right, "counterexample": None, "text": ""}}  # fmt: skip


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
