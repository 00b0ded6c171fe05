"""A chain as the text that a mathematician would write: sentences that define and suppose, rows of LaTeX.

It is the inverse of `read`: what this writes is read as the same chain. A sentence that all parts agree on
stands before the first of them; what is said of one part alone stands in it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sympy import Basic, Dummy, Indexed, IndexedBase, Limit, MatrixExpr, Symbol
from sympy.core.relational import Relational

from ..statement.chain import RELATIONS, Chain, Line, Part
from ..statement.given import Given
from ..statement.recursive import RecursiveFunction
from ..statement.terms import At, NamedFunction, SmoothFunction
from .chance import chance
from .formulas import latex
from .spelling import NotWritable, open_names, plain, with_own_letters

SETS = {
    "nonzero": r"{0} \ne 0", "positive": "{0} > 0", "nonnegative": r"{0} \ge 0", "unit": "0 < {0} < 1",
    "closed unit": r"0 \le {0} \le 1", "binary": r"{0} \in \{{0, 1\}}",
    "sign": r"{0} \in \{{-1, 1\}}",
}  # fmt: skip
ROWS = {"simplex": "{0} > 0", "closed simplex": r"{0} \ge 0", "affine": "", "onehot": r"{0} \in \{{0, 1\}}"}
INDICES = "klmnqrst"
Said = dict[str, dict[str, None]]  # the name that sentences are about -> these sentences


def written(chain: Chain, title: str = "") -> str:
    """The chain as a text. Raises NotWritable for what a text cannot say."""
    steps = [*chain.parts[1:], None]
    said = [_said(part, step) for part, step in zip(chain.parts, steps, strict=True)]
    common = _common(said)
    lines = [title] if title else []
    lines += [sentence for key in common for sentence in said_of(said, key)]
    for part, own in zip(chain.parts, said, strict=True):
        if len(chain.parts) > 1:
            lines.append(f"Part: {part.title}".rstrip())
        lines += [sentence for key, sentences in own.items() if key not in common for sentence in sentences]
        if part.supposed:
            left, right = map(latex, part.supposed.sides)
            lines.append(f"Suppose ${plain(left)} = {plain(right)}$.")
        lines += _rows(part)
    return "\n".join(lines)


def said_of(said: list[Said], key: str) -> Iterable[str]:
    """What is said of a name, by the first part that speaks of it."""
    return next(own[key] for own in said if key in own)


def _common(said: list[Said]) -> dict[str, None]:
    """The names of which every part that speaks of them says the same; a fact must stand in all parts."""
    every = dict.fromkeys(key for own in said for key in own)
    return {
        key: None
        for key in every
        if len({tuple(own[key]) for own in said if key in own}) == 1
        and (not key.startswith("fact") or all(key in own for own in said))
    }


def _said(part: Part, step: Part | None) -> Said:
    """What is said of the names of a part; the base of an induction has the hypotheses of its step."""
    names = _Names()
    every = [part.start, *(line.expr for line in part.lines)]
    every += [line.means.gap for line in part.lines if line.means.gap is not None]
    if part.supposed:
        every += part.supposed.sides
    given = step.given if step is not None and step.supposed else part.given
    every += [side for fact in given.facts for side in fact]
    every += [e for condition in given.conditions for e in condition.args]
    for e in every:
        names.add(e)
    for ends in (e for i, pair in given.free.items() if i in names.letters for e in pair):
        names.add(ends)
    for letter, domain in given.domain.items():
        if isinstance(domain, tuple) and names.holds(letter):
            names.add(domain[0])
            names.add(domain[1])
    for law in (law for _, law in given.random.values()):
        for e in law.parts():
            names.add(e)
    return _sentences(names, given)


class _Names:
    """The definitions, functions and arrays that a chain names, each once, what they lean on first."""

    def __init__(self) -> None:
        self.defined: dict[type, None] = {}
        self.smooth: dict[str, None] = {}
        self.arrays: dict[IndexedBase, None] = {}
        self.letters: dict[Symbol, None] = {}
        self.ranks: dict[IndexedBase, int] = {}  # how many indices an array has

    def holds(self, letter: Any) -> bool:
        return letter in self.arrays or letter in self.letters

    def add(self, e: Basic, parameters: tuple[Symbol, ...] = ()) -> None:
        if any(isinstance(a, MatrixExpr) for a in e.atoms(MatrixExpr)):
            raise NotWritable("a matrix")
        for array in sorted(e.atoms(IndexedBase), key=str):
            self.arrays.setdefault(array)
            for size in array.shape or ():
                self.add(size, parameters)
        self.ranks |= {entry.base: len(entry.indices) for entry in e.atoms(Indexed)}
        labels = {array.label for array in e.atoms(IndexedBase)}
        at = {a.args[1] for a in e.atoms(At) if isinstance(a.args[1], Symbol)}
        tends = {limit.args[1] for limit in e.atoms(Limit)} - at
        for letter in sorted((e.free_symbols | at) - labels - set(parameters) - tends, key=str):
            if isinstance(letter, Symbol) and not isinstance(letter, Dummy):
                self.letters.setdefault(letter)
        for call in e.atoms(SmoothFunction):
            self.smooth.setdefault(type(call).latex_name.rstrip("'"))  # type: ignore[union-attr]
        for call in sorted(e.atoms(NamedFunction, RecursiveFunction), key=str):
            f = type(call)
            if f not in self.defined:
                if isinstance(call, RecursiveFunction):
                    self.defined.setdefault(f)  # its rule names itself
                for body in (f.base, f.start, f.rule) if isinstance(call, RecursiveFunction) else (f.body,):
                    self.add(body, f.parameters)
                self.defined.setdefault(f)


def _sentences(names: _Names, given: Given) -> Said:
    said: Said = {}

    def say(about: str, sentence: str) -> None:
        said.setdefault(about, {}).setdefault(f"Let {sentence}.")

    for array in names.arrays:
        if array.label.is_integer and array.label.is_positive:
            say(latex(array), rf"${latex(array[Symbol('l', integer=True)])} = 1, 2, \dots$")
        elif array.shape:
            sizes = r" \times ".join(map(latex, array.shape))
            say(latex(array), rf"${plain(latex(array))} \in \mathbb{{R}}^{{{plain(sizes)}}}$")
        elif (rank := names.ranks.get(array)) is not None:  # read at shifted places: it has no length
            entry = array[tuple(Symbol(c, integer=True) for c in INDICES[:rank])]
            say(latex(array), f"${plain(latex(entry))}$ be numbers")
    for letter in names.letters:
        _letter(letter, given, say)
    for name in names.smooth:
        say(name, f"${name}$ be differentiable")
    for f in names.defined:
        say(*_definition(f, names))
    for i, (low, high) in given.free.items():
        if i in names.letters:
            say(latex(i), plain(rf"${latex(i)} = {latex(low)}, \dots, {latex(high)}$"))
    for letter, domain in given.domain.items():
        if names.holds(letter):
            for sentence in _domain(letter, domain):
                say(latex(letter), sentence)
    every = {sentence for sentences in said.values() for sentence in sentences}
    for left, right in given.facts:
        fact = f"${plain(latex(left))} = {plain(latex(right))}$"
        if f"Let {fact}." not in every:
            say(f"fact {left}", fact)
    for condition in given.conditions:
        if isinstance(condition, Relational):
            say(f"fact {condition}", f"${plain(latex(condition))}$")
    for about, sentence in chance(given):
        say(about, sentence)
    return said


def _letter(letter: Symbol, given: Given, say: Any) -> None:
    shown = plain(latex(letter))
    if letter.is_integer and letter.is_positive:
        say(shown, rf"${shown} = 1, 2, \dots$")
    elif letter.is_positive and letter not in given.domain:
        say(shown, f"${shown} > 0$")
    elif letter.is_nonnegative and letter not in given.domain:
        say(shown, rf"${shown} \ge 0$")
    elif not letter.is_integer and given.domain.get(letter, "real") == "real":
        say(shown, f"${shown}$ be a number")


def _definition(f: Any, names: _Names) -> tuple[str, str]:
    """The name of a definition, and its sentence; a recursion says where it starts."""
    if issubclass(f, RecursiveFunction):
        level = f.parameters[f.level]
        head, first = f(*f.parameters), f(*f.parameters).xreplace({level: f.start})
        rule, base = (with_own_letters(body, set(f.parameters)) for body in (f.rule, f.base))
        steps = {a.args[f.level] - level for a in f.rule.atoms(RecursiveFunction) if a.func is f}
        where = (
            rf"{latex(level)} \ge {latex(f.start + 1)}"
            if steps == {-1} and f.start.is_Integer
            else f"{latex(level)} {'>' if steps == {-1} else '<'} {latex(f.start)}"
        )
        shown = f"${latex(head)} = {latex(rule)}$ for ${where}$ and ${latex(first)} = {latex(base)}$"
        return open_names(f), plain(shown)
    taken = {open_names(g) for g in names.defined if g.parameters}
    others = dict.fromkeys(p for p in f.parameters if latex(p) in taken or "_" in p.name)
    for p in others:
        others[p] = _other(p, {*taken, *(latex(q) for q in others.values() if q)}, f)
    parameters = tuple(others.get(p, p) for p in f.parameters)
    body = f.body.xreplace(dict(zip(f.parameters, parameters, strict=True)))
    body = with_own_letters(body, set(parameters))
    return open_names(f), plain(f"${latex(f(*parameters))} = {latex(body)}$")


def _other(p: Symbol, taken: set[str], f: Any) -> Symbol:
    """A letter for an argument that is called as a function is: G(g, G) is written G(g, h)."""
    used = {latex(s) for s in f.body.free_symbols} | taken
    name = next(c for c in "uhxyzabcdfopqrst" if c not in used)
    return Symbol(name, **p.assumptions0)


def _domain(letter: Any, domain: Any) -> list[str]:
    shape = getattr(letter, "shape", None) or ()
    taken: list[Symbol] = [Symbol(c, integer=True) for c in INDICES[: len(shape)]]
    entry = plain(latex(letter[tuple(taken)])) if shape else plain(latex(letter))
    if isinstance(domain, tuple):
        return [plain(f"${latex(domain[0])} < {entry} < {latex(domain[1])}$")]
    if domain in ROWS:
        own = [f"${ROWS[domain].format(entry)}$"] if ROWS[domain] else []
        last = taken[-1]
        return [*own, plain(rf"$\sum_{{{last}=1}}^{{{latex(shape[-1])}}} {entry} = 1$")]
    if domain in SETS:
        return [f"${SETS[domain].format(entry)}$"]
    if domain == "real":
        return []
    raise NotWritable(f"the domain {domain}")


def _rows(part: Part) -> list[str]:
    free = {s for e in (part.start, *(line.expr for line in part.lines)) for s in e.free_symbols}

    def shown(e: Basic) -> str:
        return plain(latex(with_own_letters(e, free)))

    def row(line: Line) -> str:
        how = line.means
        if how.induction:
            raise NotWritable("an induction over a size")
        reasons = [line.because] if line.because else []
        if how.gap is not None and "the gap is" not in line.because:
            reasons.append(f"the gap is ${shown(how.gap)}$")
        because = f" && {'; '.join(reasons)}" if reasons else ""
        return f"  &{RELATIONS[how.relation]} {shown(line.expr)}{because}"

    return [shown(part.start), *map(row, part.lines)]
