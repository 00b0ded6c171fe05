"""LaTeX and plain text of expressions and hypotheses.

An expression kept `as_written` is printed in its own order. Any other has been sorted by SymPy; there only a
leading minus is avoided, so that it reads "a - y" and not "-y + a".
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from sympy import (
    Basic,
    Expr,
    Indexed,
    Integer,
    Limit,
    MatrixSymbol,
    Pow,
    Product,
    Rational,
    Sum,
    Symbol,
    evaluate,
)
from sympy.printing.latex import LatexPrinter
from sympy.printing.precedence import PRECEDENCE
from sympy.printing.str import StrPrinter

from ..statement.given import DOMAINS, Given
from ..statement.terms import Partial, is_leaf, settle
from . import laws
from .left_out import left_out

DOMAINS_IN_WORDS = {
    "real": "real",
    "nonzero": "nonzero",
    "positive": "> 0",
    "nonnegative": ">= 0",
    "unit": "in (0, 1)",
    "closed unit": "in [0, 1]",
    "binary": "in {0, 1}",
    "sign": "in {-1, 1}",
    "simplex": "> 0, summing to 1",
    "closed simplex": ">= 0, summing to 1",
    "onehot": "one-hot",
    "affine": "summing to 1",
    "symmetric": "symmetric",
    "orthogonal": "with orthonormal columns",
    "invertible": "invertible",
    "symmetric invertible": "symmetric and invertible",
    "positive definite": "symmetric and positive definite",
}


def _positive_first(terms: list[Expr]) -> list[Expr]:
    lead = next((k for k, t in enumerate(terms) if not t.could_extract_minus_sign()), 0)
    return [terms[lead], *terms[:lead], *terms[lead + 1 :]]


def _place(e: Any) -> list[Expr]:
    """The place of an entry, counted from 1 as on paper; none where there is only one, as in x^T y."""
    places = [(e.i, e.parent.shape[0]), (e.j, e.parent.shape[1])]
    return [settle(index + 1) for index, size in places if size != 1]


class _Latex(LatexPrinter):
    """SymPy's LaTeX, with ⊙, diag(v) and f(z) entry by entry; a derivative that is a factor has brackets."""

    def _as_ordered_terms(self, expr: Expr, order: Any = None) -> list[Expr]:
        return _positive_first(list(super()._as_ordered_terms(expr, order=order)))

    def _needs_mul_brackets(self, expr: Expr, first: bool = False, last: bool = False) -> bool:
        if expr.is_Function or expr.is_Pow:
            return False  # their arguments are delimited, whatever they hold
        if isinstance(expr, (Partial, Limit)):
            return not last
        return super()._needs_mul_brackets(expr, first, last)

    def _print_HadamardProduct(self, expr: Any) -> str:
        return r" \odot ".join(self.parenthesize(a, PRECEDENCE["Mul"]) for a in expr.args)

    def _print_MatAdd(self, expr: Any) -> str:
        first, *rest = (self._print(term) for term in _positive_first(list(expr.args)))
        return first + "".join(f" - {p[1:].lstrip()}" if p.startswith("-") else f" + {p}" for p in rest)

    def _print_MatrixElement(self, expr: Any) -> str:
        whole, place = self._print(expr.parent), ",".join(map(self._print, _place(expr)))
        held = whole if isinstance(expr.parent, MatrixSymbol) else rf"\left({whole}\right)"
        return f"{held}_{{{place}}}" if place else held

    def _print_DiagMatrix(self, expr: Any) -> str:
        return rf"\operatorname{{diag}}\left({self._print(expr.args[0])}\right)"

    def _print_ElementwiseApplyFunction(self, expr: Any) -> str:
        applied = _of_entries(expr, f"{{{self._print(expr.expr)}}}")  # braces: a name that is not taken apart
        return super()._print_ElementwiseApplyFunction(expr) if applied is None else self._print(applied)

    def _print_Indexed(self, expr: Any) -> str:
        """The index below the layer of z^(l), not behind it."""
        base = self._print(expr.base)
        if "_" in base or "^" not in base:
            return super()._print_Indexed(expr)
        return f"{base}_{{{','.join(map(self._print, expr.indices))}}}"

    def _helper_print_standard_power(self, expr: Expr, template: str) -> str:
        if isinstance(expr.base, Indexed) and "^" in (base := self._print(expr.base)):
            return template % (rf"\left({base}\right)", self._print(expr.exp))
        return super()._helper_print_standard_power(expr, template)

    def _print_Rational(self, expr: Rational) -> str:
        return _decimal(expr) or super()._print_Rational(expr)

    def _print_Dummy(self, expr: Any) -> str:
        return self._print_Symbol(expr)

    def _print_Sum(self, expr: Sum) -> str:
        return self._without_one(expr, r"\sum") or super()._print_Sum(expr)

    def _print_Product(self, expr: Product) -> str:
        return self._without_one(expr, r"\prod") or super()._print_Product(expr)

    def _without_one(self, expr: Sum | Product, sign: str) -> str:
        """A sum that leaves one index out, with the index that is left out below the sign."""
        found = left_out(expr)
        if found is None:
            return ""
        term, index, without = found
        first, last = map(self._print, expr.limits[0][1:])
        below = (
            rf"\substack{{{self._print(index)} = {first} \\ {self._print(index)} \ne {self._print(without)}}}"
        )
        shown = self.parenthesize(term, PRECEDENCE["Mul"])
        return rf"{sign}_{{{below}}}^{{{last}}} {shown}"


class _LatexAsWritten(_Latex):
    """Sums and products in the order of their arguments; SymPy's own methods multiply a minus sign out."""

    def _print_Add(self, expr: Expr, order: Any = None) -> str:
        shown = ""
        for term in expr.args:
            piece = self._print(term)
            if term.is_Add:
                piece = rf"\left({piece}\right)"
            joint = " - " if piece.startswith("-") else " + "
            shown = shown + joint + piece.removeprefix("-").lstrip() if shown else piece
        return shown

    def _print_Mul(self, expr: Expr) -> str:
        sign, above, below = _split(expr)
        if not below:
            return sign + self._factors(above, alone=not sign)
        return rf"{sign}\frac{{{self._factors(above)}}}{{{self._factors(below)}}}"

    def _factors(self, factors: list[Expr], alone: bool = True) -> str:
        """`alone` is a sum that needs no brackets: all there is above or below a fraction bar."""
        if not factors:
            return "1"
        if len(factors) == 1 and (alone or not factors[0].is_Add):
            return self._print(factors[0])
        pieces, last = [], len(factors) - 1
        for k, f in enumerate(factors):
            piece = self._print(f)
            bracket = f.is_Add or f.is_Mul or self._needs_mul_brackets(f, k == 0, k == last)
            pieces.append(rf"\left({piece}\right)" if bracket else piece)
        return "".join(_join(p, q) for p, q in zip(["", *pieces], pieces, strict=False))


def _join(before: str, piece: str) -> str:
    dot = before and before[-1].isdigit() and piece[0].isdigit()
    return (r" \cdot " if dot else " " if before else "") + piece


def _split(e: Expr) -> tuple[str, list[Expr], list[Expr]]:
    """Sign, numerator and denominator of a product, each in the order of its factors."""
    sign, above, below = "", [], []
    for f in e.args if e.is_Mul else (e,):
        if f.is_Number and f.is_negative:
            sign, f = "" if sign else "- ", -f
        if f.is_Pow and f.exp.is_Number and f.exp.is_negative:
            below.append(f.base if f.exp == -1 else Pow(f.base, -f.exp, evaluate=False))
        elif f.is_Rational and not f.is_Integer:
            above += [Integer(f.p)] if f.p != 1 else []
            below.append(Integer(f.q))
        elif f != 1:
            above.append(f)
    return sign, above, below


class _Text(StrPrinter):
    def _as_ordered_terms(self, expr: Expr, order: Any = None) -> list[Expr]:
        terms = list(super()._as_ordered_terms(expr, order=order))
        return terms if self._settings["order"] == "none" else _positive_first(terms)

    def _print_MatrixElement(self, expr: Any) -> str:
        whole, place = self._print(expr.parent), ", ".join(map(self._print, _place(expr)))
        held = whole if isinstance(expr.parent, MatrixSymbol) else f"({whole})"
        return f"{held}[{place}]" if place else held

    def _print_DiagMatrix(self, expr: Any) -> str:
        return f"diag({self._print(expr.args[0])})"

    def _print_ElementwiseApplyFunction(self, expr: Any) -> str:
        applied = _of_entries(expr, self._print(expr.expr))
        return super()._print_ElementwiseApplyFunction(expr) if applied is None else self._print(applied)

    def _print_Rational(self, expr: Rational) -> str:
        return _decimal(expr) or super()._print_Rational(expr)

    def _print_Dummy(self, expr: Any) -> str:
        return expr.name

    def _print_Sum(self, expr: Sum) -> str:
        return self._without_one(expr, "Sum") or super()._print_Sum(expr)

    def _print_Product(self, expr: Product) -> str:
        return self._without_one(expr, "Product") or self._print_Basic(expr)

    def _without_one(self, expr: Sum | Product, sign: str) -> str:
        found = left_out(expr)
        if found is None:
            return ""
        term, index, without = map(self._print, found)
        first, last = map(self._print, expr.limits[0][1:])
        return f"{sign}({term}, {index} = {first}..{last}, {index} != {without})"


def _of_entries(e: Any, argument: str) -> Basic | None:
    """f(argument) for the matrix of all f(entry); None if f is no named function: z^2 would be a product."""
    (parameter,), body = e.function.variables, e.function.expr
    return body.xreplace({parameter: Symbol(argument, real=True)}) if body.is_Function else None


def _decimal(number: Rational) -> str:
    """The decimal digits of a fraction that was given by more than six of them; "" for any other."""
    places = next((k for k in range(7, 60) if 10**k % number.q == 0), 0)
    if not places or number.q < 10**6:
        return ""
    digits = f"{abs(number.p) * 10**places // number.q:0{places + 1}}"
    return f"{'-' * (number.p < 0)}{digits[:-places]}.{digits[-places:]}"


def _as_typed(e: Basic) -> Basic | None:
    """`e` with nested sums and products made flat, if it was kept as written; None if SymPy has sorted it."""
    if settle(e) == e and not _nested(e):
        return None
    with evaluate(False):
        return _flat(e)


def _nested(e: Basic) -> bool:
    return any((e.is_Add and a.is_Add) or (e.is_Mul and a.is_Mul) or _nested(a) for a in e.args)


def _flat(e: Basic) -> Basic:
    if is_leaf(e):
        return e
    args = [_flat(a) for a in e.args]
    if e.is_Add or e.is_Mul:
        args = [b for a in args for b in (a.args if type(a) is type(e) else (a,))]
    if isinstance(e, (Sum, Product)):  # SymPy would multiply the summand by an orientation of 1
        result = Expr.__new__(type(e), *args)
        result.is_commutative = True
        return result
    if e.is_Mul:
        signs = sum(a == -1 for a in args)
        args = [-1] * (signs % 2) + [a for a in args if a not in (1, -1)]
        if len(args) < 2:
            return args[0] if args else Integer(1)
    return e.func(*args)


def latex(e: Basic) -> str:
    """LaTeX of an expression, in its own order if it was kept as written."""
    settings, typed = {"mat_symbol_style": "plain"}, _as_typed(e)
    made = _Latex(settings).doprint(e) if typed is None else _LatexAsWritten(settings).doprint(typed)
    # \epsilon and \varepsilon are one letter to a reader, and the course writes the second.
    return re.sub(r"\\(epsilon|phi)\b", r"\\var\1", made)


def text(e: Basic) -> str:
    """Plain text of an expression, in its own order if it was kept as written."""
    typed = _as_typed(e)
    return _Text().doprint(e) if typed is None else _Text({"order": "none"}).doprint(typed)


def hypotheses_latex(given: Given) -> list[str]:
    """One formula for each hypothesis, in the order sizes, indices, domains, facts."""
    shown = []
    if given.sizes:
        least = r"\in \{1, 2, \dots\}"
        shown.append(", ".join(latex(s) for s in given.sizes) + " " + least)
    shown += [rf"{latex(i)} = {latex(low)}, \dots, {latex(high)}" for i, (low, high) in given.free.items()]
    shown += [
        f"{latex(s)}{_shape_latex(s)} {_domain_latex(d, _is_whole(s))}" for s, d in given.domain.items()
    ]
    shown += [f"{latex(left)} = {latex(right)}" for left, right in given.facts]
    return shown + [latex(condition) for condition in given.conditions] + laws.in_latex(given, latex)


def _shape_latex(letter: Basic) -> str:
    """The shape of a matrix; an array shows by its indices what it is."""
    if not isinstance(letter, MatrixSymbol):
        return ""
    return r" \in \mathbb{R}^{" + r" \times ".join(map(latex, letter.shape)) + "}"


def _shape_text(letter: Basic) -> str:
    return f" ({' x '.join(map(text, letter.shape))})" if isinstance(letter, MatrixSymbol) else ""


def _is_whole(letter: Basic) -> bool:
    return bool(getattr(letter, "label", letter).is_integer)


def _domain_latex(domain: Any, whole: bool) -> str:
    if isinstance(domain, str):
        return DOMAINS[domain]
    if isinstance(domain, tuple) and whole:
        return rf"\in \{{{latex(domain[0])}, \dots, {latex(domain[1])}\}}"
    if isinstance(domain, tuple):
        return rf"\in ({latex(domain[0])}, {latex(domain[1])})"
    return r"\text{ drawn by a given function}"


def hypotheses_text(given: Given) -> list[str]:
    """The same in plain text."""
    shown = [", ".join(map(str, given.sizes)) + " >= 1"] if given.sizes else []
    shown += [f"{i} = {text(low)}..{text(high)}" for i, (low, high) in given.free.items()]
    shown += [f"{s}{_shape_text(s)} {_domain_text(d, _is_whole(s))}" for s, d in given.domain.items()]
    shown += [f"{text(left)} = {text(right)}" for left, right in given.facts]
    return shown + [text(condition) for condition in given.conditions] + laws.in_text(given, text)


def _domain_text(domain: Any, whole: bool) -> str:
    if isinstance(domain, tuple) and whole:
        return f"= {text(domain[0])}..{text(domain[1])}"
    if isinstance(domain, tuple):
        return f"in ({text(domain[0])}, {text(domain[1])})"
    return DOMAINS_IN_WORDS[domain] if isinstance(domain, str) else "drawn by a given function"


def words_latex(words: str) -> str:
    """Prose with $maths$ in it as the content of \\text{...}: only the prose is escaped."""
    parts = words.split("$")
    parts[::2] = [re.sub(r"([_^&%#{}])", r"\\\1", p.replace("\\", "")) for p in parts[::2]]
    return "$".join(parts) if len(parts) % 2 else "".join(parts)


def count_text(done: int, total: int, givens: Iterable[Given]) -> str:
    """The sentence of the header: how many steps are proved, and for which sizes of any part."""
    sizes = dict.fromkeys(size for given in givens for size in given.sizes)
    scope = f" for symbolic {', '.join(map(str, sizes))}" if sizes else ""
    return f"{done} of {total} step{'s' * (total != 1)} proved{scope}"


def condition_latex(kind: str, e: Basic, known: bool = True) -> str:
    """Where a line is meant: "pole", "kink" and "log" exclude 0, a root wants no negative radicand.

    Unless the sign is `known`, the branch is named that is meant elsewhere.
    """
    if kind == "inverse":
        return rf"\det {latex(e)} \ne 0"
    shown = latex(e) + (r" \ge 0" if kind == "root" else r" \ne 0")
    return shown if known else shown + r" \text{ (principal branch where negative)}"
