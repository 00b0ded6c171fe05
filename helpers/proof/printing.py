"""LaTeX and plain text of expressions and hypotheses.

An expression kept `as_written` is printed in its own order. Any other has been sorted by SymPy; there only a
leading minus is avoided, so that it reads "a - y" and not "-y + a".
"""
from __future__ import annotations

import re
from typing import Any

from sympy import Basic, Expr
from sympy.printing.latex import LatexPrinter
from sympy.printing.str import StrPrinter

from .objects import DOMAINS, Given, NamedFunction, SmoothFunction
from .rewriting import settle

DOMAINS_IN_WORDS = {
    "real": "real", "positive": "> 0", "nonnegative": ">= 0", "unit": "in (0, 1)", "closed unit": "in [0, 1]",
    "binary": "in {0, 1}", "simplex": "> 0, summing to 1", "onehot": "one-hot",
}


def _positive_first(terms: list[Expr]) -> list[Expr]:
    lead = next((k for k, t in enumerate(terms) if not t.could_extract_minus_sign()), 0)
    return [terms[lead], *terms[:lead], *terms[lead + 1:]]


class _Latex(LatexPrinter):
    def _as_ordered_terms(self, expr: Expr, order: Any = None) -> list[Expr]:
        terms = super()._as_ordered_terms(expr, order=order)
        return terms if self._settings["order"] == "none" else _positive_first(list(terms))

    def _name(self, expr: Any) -> str:
        return expr.func.latex_name or self._deal_with_super_sub(expr.func.__name__)

    def _print_NamedFunction(self, expr: NamedFunction, exp: Any = None) -> str:
        """Arguments that are indices become subscripts: a_k rather than a(k)."""
        name, shown = self._name(expr), ", ".join(self._print(a) for a in expr.args)
        if expr.args and all(a.is_integer for a in expr.args):
            name += f"_{{{shown}}}"
        elif expr.args:
            name += rf"\left({shown}\right)"
        return name if exp is None else rf"{{{name}}}^{{{exp}}}"

    def _print_SmoothFunction(self, expr: SmoothFunction, exp: Any = None) -> str:
        base, primes = self._deal_with_super_sub(expr.func.family[0]), "'" * expr.func.order
        shown = rf"{expr.func.family[1] or base}{primes}\left({self._print(expr.args[0])}\right)"
        return shown if exp is None else rf"{{{shown}}}^{{{exp}}}"

    def _print_HadamardProduct(self, expr: Any) -> str:
        return r" \odot ".join(self.parenthesize(a, 35) for a in expr.args)

    def _print_Dummy(self, expr: Any) -> str:
        return self._print_Symbol(expr)


class _Text(StrPrinter):
    def _as_ordered_terms(self, expr: Expr, order: Any = None) -> list[Expr]:
        terms = super()._as_ordered_terms(expr, order=order)
        return terms if self._settings["order"] == "none" else _positive_first(list(terms))


def _order(e: Basic) -> str | None:
    return None if settle(e) == e and not _nested(e) else "none"


def _nested(e: Basic) -> bool:
    return any(a.func is e.func for a in e.args) and (e.is_Add or e.is_Mul)


def latex(e: Basic) -> str:
    return _Latex({"order": _order(e), "mat_symbol_style": "plain"}).doprint(e)


def text(e: Basic) -> str:
    return _Text({"order": _order(e)}).doprint(e)


def hypotheses_latex(given: Given) -> list[str]:
    """One formula for each hypothesis, in the order sizes, indices, domains, facts."""
    shown = []
    if given.sizes:
        least = r"\in \{1, 2, \dots\}"
        shown.append(", ".join(latex(s) for s in given.sizes) + " " + least)
    shown += [rf"{latex(i)} = {latex(low)}, \dots, {latex(high)}" for i, (low, high) in given.free.items()]
    shown += [f"{latex(s)} {_domain_latex(d)}" for s, d in given.domain.items()]
    return shown + [f"{latex(left)} = {latex(right)}" for left, right in given.facts]


def _domain_latex(domain: Any) -> str:
    if isinstance(domain, str):
        return DOMAINS[domain]
    if isinstance(domain, tuple):
        return rf"\in ({latex(domain[0])}, {latex(domain[1])})"
    return r"\text{ drawn by a given function}"


def hypotheses_text(given: Given) -> list[str]:
    """The same in plain text."""
    shown = [", ".join(map(str, given.sizes)) + " >= 1"] if given.sizes else []
    shown += [f"{i} = {text(low)}..{text(high)}" for i, (low, high) in given.free.items()]
    shown += [f"{s} {_domain_text(d)}" for s, d in given.domain.items()]
    return shown + [f"{text(left)} = {text(right)}" for left, right in given.facts]


def _domain_text(domain: Any) -> str:
    if isinstance(domain, tuple):
        return f"in ({text(domain[0])}, {text(domain[1])})"
    return DOMAINS_IN_WORDS[domain] if isinstance(domain, str) else "drawn by a given function"


def words_latex(words: str) -> str:
    """Prose with $maths$ in it as the content of \\text{...}: only the prose is escaped."""
    parts = words.split("$")
    parts[::2] = [re.sub(r"([_^&%#{}])", r"\\\1", p.replace("\\", "")) for p in parts[::2]]
    return "$".join(parts) if len(parts) % 2 else "".join(parts)


def count_text(done: int, total: int, given: Given) -> str:
    """The sentence of the header: how many steps are proved, and for which sizes."""
    scope = f" for symbolic {', '.join(map(str, given.sizes))}" if given.sizes else ""
    return f"{done} of {total} step{'s' * (total != 1)} proved{scope}"
