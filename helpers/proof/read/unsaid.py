"""Names of which a text says nothing: what may not be judged because of them.

A letter without a sentence is any number, so (a + b)² = a² + b² is false without one. But a derivative of it
would be 0, and a relation that has it on one side only would hold for one number at most: there the
author knows more than the text says, and a verdict would be about something else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from sympy import Add, Basic, Indexed, IndexedBase, MatrixExpr, Pow, Sum, Symbol, expand, log

from ..statement.operators import Covariance, Expectation, Variance
from ..statement.terms import NamedFunction, Partial, SmoothFunction
from .costs import unfolded
from .names import Meaning, Vocabulary, spelled
from .trees import Name, Node
from .uses import uses

FORMULA = re.compile(r"\$([^$]*)\$")
DEFINE = "define it in a line that begins with “Let”"
SPEAKS = re.compile(r"[=<>≤≥∈]|\\(?:le|ge|leq|geq|in|sim|neq?|approx|propto)\b")
SAID_OF = re.compile(  # “The vector $y$ is one-hot”, but not “the slope by $w$ is $2w$”
    r"(?<!of )(?<!by )(?<!to )(?<!in )\$([^$]*)\$(?:,? and \$[^$]*\$){0,3},? "
    r"(?:being |must |shall |should |to )?"
    r"(?:is|are|be|being|lies?|has|have|stays?|means|vanish\w*|takes?|need|may|cannot|can)\b(?= +(?!\$)[\w(])"
)
WORD = re.compile(r"\\?[A-Za-z]+")
UNEQUAL = re.compile(r"[<>≤≥≠∈]|\\(?:le|ge|leq|geq|ne|neq|in)\b")
DESCRIBED = "Only words say what {} is: say it by a formula, in a line that begins with “Let”."
ODD_ROOT = (
    "Below 0 an odd root is read in two ways, as a negative number or as a complex one, and this row needs "
    "one of them: say in a line that begins with “Let” that what stands under the root is not negative."
)


class Unsaid:
    """The names of a text that no sentence mentions, by the values that they were given."""

    def __init__(
        self,
        vocabulary: Vocabulary,
        sentences: Iterable[str],
        known: Iterable[Meaning],
        random: Iterable[Any] = (),
        derived: Iterable[Name] = (),
    ) -> None:
        meanings = [m for known in map(vocabulary.of, derived) if all(map(_is_letter, known)) for m in known]
        self.derived = {m.value: spelled(Name(m.word, m.accents)) for m in meanings}
        self.random = set(random)
        self.said = " ".join(" ".join(FORMULA.findall(one)) if "$" in one else one for one in sentences)
        self.words = set(WORD.findall(self.said))
        own = {id(meaning) for meaning in known}
        self.notation = {m.value for m in known if isinstance(m.value, type)}
        self.words_of = {m.value: m.word.rpartition(" ")[2] for m in vocabulary if _is_letter(m)}
        self.names = {
            m.value: spelled(Name(m.word, m.accents))
            for m in vocabulary
            if _is_letter(m) and id(m) not in own and not self.mentioned(m)
        }

    def mentioned(self, meaning: Meaning) -> bool:
        """Whether a sentence has the letter, with or without its accents: in doubt it is said."""
        letter = meaning.word.rpartition(" ")[2]
        if "/" in letter or letter.endswith("(0)"):  # a slope and the value of a cost: see `costs`
            return True
        words = {letter, f"\\{letter}"}
        run_together = len(letter) == 1 and any(letter in word for word in self.words if word[0] != "\\")
        return bool(words & self.words) or run_together or (len(letter) > 1 and letter in self.said)

    def of(self, value: Any) -> set[Any]:
        """The names in a formula that nothing is said of."""
        return self.among(self.names, value)

    @staticmethod
    def among(names: dict[Any, str], value: Any) -> set[Any]:
        """Those of some names that a formula has, in the definitions of its functions too."""
        if not names:
            return set()
        return {name for one in unfolded(value) for name in _letters(one) if name in names}

    def empty(self, value: Any) -> str:
        """A sentence if the formula derives, or averages, what nothing is said of: it would be empty."""
        if not isinstance(value, Basic):
            return ""
        for partial in value.atoms(Partial):
            of, by = partial.args[0], partial.args[1]
            alone = not of.atoms(NamedFunction, SmoothFunction)
            if self.of(of) and alone and (not _holds(of, by) or _is_another_entry(of, by)):
                return f"Nothing says how {self.first(of)} depends on what it is derived by: {DEFINE}."
        for partial in (p for one in unfolded(value) for p in one.atoms(Partial)) if self.derived else ():
            # J = C + λw²: with ∂C/∂w elsewhere, C is no constant here.
            if moving := self.among(self.derived, partial.args[0]) - _letters(partial.args[1]):
                shown = min(self.derived[one] for one in moving)
                return f"Nothing says how {shown} depends on what it is derived by: {DEFINE}."
        for mean in value.atoms(Expectation, Variance, Covariance):
            if self.of(mean) and not mean.atoms(NamedFunction):
                name = self.first(mean)
                return f"Nothing says how {name} is random: say its mean or its law in a Let line."
            if not self.random:
                return f"Nothing of {mean} is random: say a mean or a law in a Let line, as E[Y] = p."
        return ""

    def first(self, e: Basic) -> str:
        return min(self.names[one] for one in self.of(e))

    def one_sided(self, left: Any, right: Any) -> str:
        """A sentence if a name of which nothing is said stands on one side only."""
        if alone := self.of(left) ^ self.of(right):
            name = min(self.names[one] for one in alone)
            return f"Nothing says what {name} is: {DEFINE}, or say what is supposed of it."
        if means := sorted(
            self.names[one] for one in self.of(left) | self.of(right) if "bar" in self.names[one]
        ):
            return f"Is {means[0]} a mean? Nothing says so: {DEFINE}."
        for call in self.calls(right):
            if len(call.args) == 1 and call.args[0].is_Symbol and call.args[0].is_integer:
                name = type(call).latex_name
                return f"{name} would be the course's function, at an index: {DEFINE} if it is another."
        return ""

    def unreal(self, left: Any, right: Any) -> str:
        """A sentence if a root or a logarithm is taken of a name of which nothing is said, or an odd root."""
        odd = False
        for side in (left, right):
            for one in side.atoms(log, Pow) if isinstance(side, Basic) else ():
                odd = odd or (
                    isinstance(one, Pow) and one.exp.is_Rational and one.exp.q % 2 and one.exp.q > 1
                )
                whole = isinstance(one, Pow) and one.exp.is_integer
                if not whole and (names := self.of(one.args[0])):
                    shown = min(self.names[name] for name in names)
                    return (
                        f"Nothing says where {shown} lies, and at some numbers this row has no real value: "
                        f"say so in a line that begins with “Let”, as in “Let ${shown} > 0$”."
                    )
        return ODD_ROOT if odd else ""

    def told(self, sentences: Iterable[str], left: Any, right: Any, defined: set[str]) -> str:
        """A sentence of the text that nothing reads and that may suppose something of the names of a row."""
        own = {self.words_of[one] for side in (left, right) for one in self.among(self.words_of, side)}
        for sentence in sentences:
            said = [name for name in SAID_OF.findall(sentence) if not SPEAKS.search(name)]
            for formula in (*FORMULA.findall(sentence), *said):
                before = SPEAKS.split(formula)[0] if SPEAKS.search(formula) else ""
                if SPEAKS.search(formula) and not WORD.search(before):  # 0 < x
                    before = formula
                before = formula if formula in said else before
                about = {word.lstrip("\\") for word in WORD.findall(before)} & own - defined
                if about:
                    return (
                        f"“{sentence[:80].strip()}” is not read, and may say something of {min(about)} that "
                        "this row needs: begin it with “Let” or “Suppose”."
                    )
        return ""

    @staticmethod
    def described(nodes: Iterable[Node], *sides: Any) -> str:
        """A sentence if one side is a letter of which words say what it is, and no formula does."""
        words = {use.name.word.rpartition(" ")[2] for node in nodes for use in uses(node, {})}
        letters = [side for side in sides if isinstance(side, (Symbol, Indexed))]
        known = [re.split(r"[_\[]|hat|bar|tilde", str(side))[0] for side in letters]
        return DESCRIBED.format(min(words & set(known))) if words & set(known) else ""

    def calls(self, e: Any) -> set[Any]:
        """The values of functions that the text uses without a word, because the notation has them."""
        called = e.atoms(NamedFunction) if isinstance(e, Basic) else set()
        return {one for one in called if type(one) in self.notation}


def _letters(value: Basic) -> set[Any]:
    return {*value.atoms(IndexedBase), *value.free_symbols}


def _is_letter(meaning: Meaning) -> bool:
    return isinstance(meaning.value, (Symbol, IndexedBase)) and not meaning.value.is_integer


def reasons(because: str) -> list[str]:
    """The reason of a row as sentences, if it says more than an equation: “since $x > 0$”, or (x > 0)."""
    return [f"${because}$", because] if UNEQUAL.search(because) else []


RESIDUAL = (
    "A sentence defines {0} by a formula, and here that is taken from {0}: this is 0 everywhere. If {0} is "
    "measured, leave the sentence out, or add the noise: $+ e_i$."
)


def residual(value: Any) -> str:
    """A sentence if a sum or a square is about y_i - f(x_i), and y_i is defined as f(x_i): it is 0."""
    for e in unfolded(value):
        totals = (total for one in e.atoms(Pow, Sum) for total in one.args[0].atoms(Add))
        for total in totals if not e.has(MatrixExpr) else ():
            for call in (term for term in total.args for term in term.atoms(NamedFunction)):
                put = dict(zip(call.func.parameters, call.args, strict=True))
                if expand(total.xreplace({call: call.func.body.xreplace(put)})) == 0:
                    return RESIDUAL.format(type(call).latex_name)
    return ""


def uncounted(names: set[Any], unsaid: set[Symbol]) -> str:
    """A sentence if a row has a size of which nothing is said, and an n that may be meant to be it."""
    counts = sorted(s.name for s in names if isinstance(s, Symbol) and s.name in "nNmM" and not s.is_integer)
    if not counts or not names & unsaid:
        return ""
    return (
        f"It is not said how many terms the sums have: if it is {counts[0]}, write it above them, as in "
        f"\\sum_{{i=1}}^{counts[0]}."
    )


def _is_another_entry(of: Basic, by: Basic) -> bool:
    """Whether h_t is derived by h_{t-1}: entries of an array have nothing to do with one another."""
    if not (isinstance(of, Indexed) and isinstance(by, Indexed) and of.base == by.base):
        return False
    return any(
        expand(a - b).is_number and expand(a - b) != 0 for a, b in zip(of.indices, by.indices, strict=False)
    )


def _holds(of: Basic, by: Basic) -> bool:
    """Whether a formula has the letter or the array in it that it is derived by."""
    bases = by.atoms(IndexedBase) or by.free_symbols
    return bool(bases & (of.atoms(IndexedBase) | of.free_symbols)) or not bases
