"""Names with their indices and arguments: which of its meanings a name has, and the term for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sympy import Add, Expr, IndexedBase, KroneckerDelta, MatrixSymbol, S, Symbol, exp, oo, pi
from sympy.matrices.expressions.matexpr import MatrixElement

from ..statement.terms import SmoothFunction
from . import grids
from . import trees as g
from .builtin import derived
from .fits import fitting, misfit
from .grids import Grid, as_grid, is_grid
from .latex import ReadError
from .names import Meaning, demand_no_prime, digits, indices, is_index, is_whole, label, primed, spelled

if TYPE_CHECKING:
    from .formulas import Formulas

U = Symbol("u", real=True)


def named(f: Formulas, name: g.Name, scripts: g.Scripts, bracket: g.Bracket | None) -> tuple[Any, int]:
    """A name with its labels and indices, and with the arguments of a function."""
    if not name.accents and name.word in f.scope and scripts.below is None and not scripts.primes:
        return f.power(f.scope[name.word], scripts.above), 1
    if scripts.primes and f.vocabulary.of(primed(name, scripts.primes)):
        name, scripts = (
            primed(name, scripts.primes),
            g.Scripts(name, scripts.below, scripts.above, at=scripts.at),
        )
    if scripts.below is not None and bracket is not None and is_function_without_index(f, name, scripts):
        whole, used = named(f, name, g.Scripts(name, None, None, scripts.primes, at=scripts.at), bracket)
        return f.power(entry_of(f, whole, scripts), scripts.above), used
    meaning, places, above = meaning_of(f, name, scripts, bracket)
    if meaning is None:
        return constant(f, name, scripts)
    if meaning.decoration:
        return decorated(f, meaning, places, above, scripts, bracket)
    if meaning.function:
        return applied(f, meaning, places, above, scripts, bracket)
    if scripts.primes:
        raise ReadError(f"A prime stands at {spelled(name)}, which is no function.", scripts.at)
    return f.power(entry(f, meaning, places, scripts), above), 1


def is_function_without_index(f: Formulas, name: g.Name, scripts: g.Scripts) -> bool:
    """Whether f_i(x) can only be entry i of f(x)."""
    known = f.vocabulary.of(name)
    labelled = any(m.below_label and m.below_label == label(scripts.below) for m in known)
    return bool(known) and not labelled and all(m.function and not m.rank for m in known)


def entry_of(f: Formulas, value: Any, scripts: g.Scripts) -> Expr:
    places = [f.index(p) for p in indices(scripts.below)]
    if not is_grid(value) or len(places) > 2:
        raise ReadError("Only a vector or a matrix has entries.", scripts.at)
    return as_grid(value).entry(*(places if len(places) == 2 else (*places, S.One)))


def constant(f: Formulas, name: g.Name, scripts: g.Scripts) -> tuple[Any, int]:
    """Names that mean something unless the text says otherwise: e, I, the bold 1 and 0, Kronecker's delta."""
    found = _constant(f, name, scripts)
    demand_no_prime(scripts, spelled(name))
    return found, 1


def _constant(f: Formulas, name: g.Name, scripts: g.Scripts) -> Any:
    if name == g.Name("e") and scripts.below is None:
        power = S.One if scripts.above is None else f.value(scripts.above)
        return f.entrywise(lambda u: exp(u, evaluate=False), power)
    if name in (g.Name("bold 1", bold=True), g.Name("bb 1")) and scripts.below is None:
        return f.power(grids.ones(), scripts.above)
    if name == g.Name("bold 0", bold=True) and scripts.below is None:
        return f.power(grids.zeros(), scripts.above)
    if name.word in ("I", "bb I") and (scripts.below is None or is_size(f, scripts.below)):
        size = None if scripts.below is None else f.index(scripts.below)
        return f.power(grids.identity(size), scripts.above)
    if name == g.Name("pi") and scripts.below is None:
        return f.power(pi, scripts.above)
    if name == g.Name("infty"):
        return oo
    if name == g.Name("d") and scripts.below is None:
        raise ReadError("Differentials (d x) are not read here: write derivatives, such as ∂C/∂x.", name.at)
    if name.word == "delta" and not name.accents:
        places = digits(scripts.below, 2) + digits(scripts.above, 2 - len(digits(scripts.below, 2)))
        if len(places) == 2:
            return KroneckerDelta(*(f.index(place, f.vocabulary.shown(name)) for place in places))
    raise f.vocabulary.unknown(name)


def is_size(f: Formulas, below: g.Node) -> bool:
    """Whether what stands below a name is a size, as in I_d, and no index of an entry."""
    known = f.vocabulary.of(below) if isinstance(below, g.Name) and below.word not in f.scope else []
    return any(is_index(m.value) and m.value.is_positive for m in known)


def meaning_of(
    f: Formulas, name: g.Name, scripts: g.Scripts, bracket: g.Bracket | None = None
) -> tuple[Meaning | None, list[g.Node], g.Node | None]:
    """The one meaning that fits labels and indices; its indices; what is left above, a power."""
    known = f.vocabulary.of(name)
    fits = [fit for m in known if (fit := fitting(m, scripts)) is not None]
    if not fits:
        if not known or (name.word == "delta" and not (scripts.above and any(m.above_label for m in known))):
            return None, [], None
        raise ReadError(misfit(name, known, scripts), scripts.at)
    taking = [fit for fit in fits if bracket is not None and fit[0].arity == len(bracket.items)]
    fits = taking if len({fit[0].arity for fit in fits}) > 1 and taking else fits
    best = max(fits, key=lambda fit: fit[3])
    rivals = [fit for fit in fits if fit[3] == best[3]]
    labelled = [fit for fit in fits if fit[0].above_label and fit[2] is None]
    powers = [fit for fit in fits if not (fit[0].above_label or fit[0].function) and fit[2] is not None]
    if labelled and powers and not label(scripts.above).isdigit():
        fits, powers = labelled, []  # a text that defines a^l_j means it
        best = max(fits, key=lambda fit: fit[3])
        rivals = [fit for fit in fits if fit[3] == best[3]]
    if labelled and powers:
        raise ReadError(
            f"{spelled(name)}^{{{label(scripts.above)}}} can be a power or the name with that label: put "
            "brackets around the base of a power, or around the label.",
            scripts.at,
        )
    if len(rivals) > 1 and name.bold:
        rivals = [fit for fit in rivals if is_whole(fit[0].value)] or rivals
    if len(rivals) > 1:
        rivals = [fit for fit in rivals if not is_whole(fit[0].value) or fit[1]] or rivals
    meaning, places, above, _ = rivals[-1]
    return meaning, places, above


def entry(f: Formulas, meaning: Meaning, places: list[g.Node], scripts: g.Scripts) -> Any:
    value, shown = meaning.value, f.vocabulary.shown(g.Name(*meaning.name))
    at = [f.index(p, shown) for p in places]
    missing = meaning.rank + meaning.above - len(at)
    if isinstance(value, Grid) and at:
        return value.entry(*(at if len(at) == 2 else (*at, S.One)))
    if isinstance(value, IndexedBase) or (isinstance(value, type) and missing):
        return filled(f, meaning, at, missing, scripts)
    if isinstance(value, MatrixSymbol):
        if not at:
            return value
        row, column = (at[0], S.One) if len(at) == 1 else at
        return MatrixElement(value, _before(row), _before(column))
    if isinstance(value, type):
        return value(*at)
    return value


def filled(f: Formulas, meaning: Meaning, at: list[Expr], missing: int, scripts: g.Scripts) -> Any:
    """An entry, or a grid over the indices that are not written."""
    value = meaning.value
    sizes = [r[1] if r is not None and r[0] == 1 else None for r in meaning.ranges[len(at) :]]

    for place, (index, ends) in enumerate(zip(at, meaning.ranges, strict=False), 1):
        low, high = ends if ends is not None else (index, index)
        if index.is_Integer and low.is_Integer and (index < low or (high.is_Integer and index > high)):
            shown = f.vocabulary.shown(g.Name(*meaning.name))
            raise ReadError(
                f"{shown} has no entry {index}: index {place} runs from {low} to {high}.", scripts.at
            )

    def entry(*rest: Expr) -> Expr:
        return value[(*at, *rest)] if isinstance(value, IndexedBase) else value(*at, *rest)

    if not missing:
        return entry()
    if missing > 2 or len(sizes) != missing or None in sizes:
        raise ReadError(f"{spelled(g.Name(*meaning.name))} has entries: say which one is meant.", scripts.at)
    return grids.column(sizes[0], entry) if missing == 1 else Grid(sizes[0], sizes[1], entry)


def applied(
    f: Formulas,
    meaning: Meaning,
    places: list[g.Node],
    above: g.Node | None,
    scripts: g.Scripts,
    bracket: g.Bracket | None,
) -> tuple[Any, int]:
    shown = f.vocabulary.shown(g.Name(*meaning.name))
    if bracket is None and not scripts.primes and (own := own_letters(f, meaning)) is not None:
        return f.power(meaning.value(*own), above), 1
    if bracket is None or bracket.kind not in "([{":
        raise ReadError(f"{shown} is a function: write its argument in brackets.", scripts.at)
    if isinstance(above, g.Added):  # σ^{-1}(p)
        raise ReadError(
            f"Is {shown} with a minus above it the inverse function, or one over it? Write 1/{shown}(…), or "
            "give the inverse a name and a formula, as in “Let $g(p) = …$”, and judge $g(f(x)) = x$.",
            scripts.at,
        )
    function = meaning.value
    parameters = getattr(function, "parameters", None) or (U,)
    if meaning.through:
        return f.power(function(*through(f, meaning, bracket.items)), above), 2
    given = [f.index(p, shown) for p in places]
    given += [
        f.index(item, shown) if is_index(p) else f.value(item)
        for item, p in zip(bracket.items, parameters[len(given) :], strict=False)
    ]
    if len(given) != len(parameters) or len(bracket.items) + len(places) != len(parameters):
        count = f"{len(parameters)} argument{'s' * (len(parameters) > 1)}"
        raise ReadError(f"{shown} takes {count}.", scripts.at)
    if scripts.primes and len(given) > 1:
        raise ReadError(f"{shown} has several arguments: say by ∂ by which it is derived.", scripts.at)

    def at(u: Any) -> Expr:
        return _derived(function, u, scripts.primes) if scripts.primes else function(u)

    value = f.entrywise(at, given[0]) if len(given) == 1 else function(*given)
    return f.power(value, above), 2


def own_letters(f: Formulas, meaning: Meaning) -> list[Any] | None:
    """The letters in which the text defines a function, so that J means J(w, b); None if one is not known."""
    parameters = getattr(meaning.value, "parameters", None)
    if not meaning.arity or meaning.rank or meaning.through or not parameters:
        return None
    names = [g.Name(p.name) for p in parameters]
    if not all(f.known(name) for name in names):
        return None
    values = [f.value(name) for name in names]
    return values if all(isinstance(v, Symbol) for v in values) else None


def decorated(
    f: Formulas,
    meaning: Meaning,
    places: list[g.Node],
    above: g.Node | None,
    scripts: g.Scripts,
    bracket: g.Bracket | None,
) -> tuple[Any, int]:
    """A name after which the same brackets always stand, or none."""
    if (
        meaning.vector is not None
        and bracket is not None
        and label(g.Listed(bracket.items)) != meaning.decoration
    ):
        return f.power(of_vector(f, meaning, places, bracket), above), 2
    value = f.power(entry(f, meaning, places, scripts), above)
    if bracket is None or bracket.kind != "(":
        return value, 1
    if label(g.Listed(bracket.items)) != meaning.decoration:
        shown = spelled(g.Name(*meaning.name))
        raise ReadError(f"{shown} is only known as {shown}({meaning.decoration}).", bracket.at)
    return value, 2


def of_vector(f: Formulas, meaning: Meaning, places: list[g.Node], bracket: g.Bracket) -> Any:
    """A function of a vector at another vector: its definition, written out with that vector in it."""
    vector, definition = meaning.vector
    inside = broadcast(f, bracket.items[0])
    letters = [p.word for p in indices(definition.scripts.below) if isinstance(p, g.Name)]
    before, known = dict(f.scope), f.vocabulary.meanings.get((vector.word, vector.accents), [])
    f.scope |= dict(zip(letters, map(f.index, places), strict=False))
    f.vocabulary.meanings[vector.word, vector.accents] = [
        Meaning(vector.word, inside, 1, accents=vector.accents)
    ]
    try:
        return f.value(definition.body)
    finally:
        f.scope, f.vocabulary.meanings[vector.word, vector.accents] = before, known


def broadcast(f: Formulas, node: g.Node) -> Any:
    """A vector to which a number may be added: x + c adds it to each entry."""
    if not isinstance(node, g.Added):
        value = f.value(node)
    else:
        terms = [f.negative(f.value(t)) if sign == "-" else f.value(t) for sign, t in node.terms]
        sized = next((as_grid(t) for t in terms if is_grid(t)), None)
        if sized is None:
            raise ReadError("A vector is needed here.", node.at)
        filled = [as_grid(t) if is_grid(t) else sized.each(lambda e, number=t: number) for t in terms]
        value = grids.added(filled)
    if not is_grid(value):
        raise ReadError("A vector is needed here.", node.at)
    return value


def through(f: Formulas, meaning: Meaning, items: tuple[g.Node, ...]) -> list[Expr]:
    """The indices of the entries that a function such as σ(A_k) takes."""
    found: list[Expr] = []
    for item, wanted in zip(items, meaning.through, strict=False):
        if not (
            isinstance(item, g.Scripts) and isinstance(item.base, g.Name) and spelled(item.base) == wanted
        ):
            raise ReadError(f"{spelled(g.Name(*meaning.name))} takes an entry of {wanted}.", item.at)
        found += [f.index(piece) for piece in indices(item.below)]
    return found


def _before(index: Expr) -> Expr:
    """The same place counted from 0."""
    return index - 1 if index.is_Integer else Add(index, -1, evaluate=True)


def _derived(function: type, u: Expr, order: int) -> Expr:
    """The derivative of a function of one argument, at `u`."""
    if issubclass(function, SmoothFunction):
        for _ in range(order):
            function = function(U).fdiff().func
        return function(u)
    return derived(function, u, order)
