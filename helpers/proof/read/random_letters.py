"""The laws of the random letters of a text: one law for all entries of an array, with an index of its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from sympy import Expr, Indexed, IndexedBase, S, Symbol

from ..statement.laws import Alike, Bernoulli, Law, Moments, Together, letters_of
from ..statement.terms import NamedFunction
from . import chance
from . import trees as g
from .draft import Draft, use_of
from .grids import as_grid, is_grid
from .latex import ReadError
from .names import label, spelled

if TYPE_CHECKING:
    from .values import Values

ONE_OF_K = (
    "{0} is random and one-hot, or sums to 1: no law says that here. What follows from the means alone needs "
    "only “Let ${0}_k \\in \\{{0, 1\\}}$ with $\\mathbb{{E}}[{0}_k] = y_k$”."
)


VECTORS = (
    "The vectors {0} are independent, and the entries of one of them need not be; no rule here reads that. "
    "If all entries are independent, say “with independent entries”."
)


def make_laws(names: Values, bare: Any) -> None:
    """The laws of what is random, by letters; `bare` finds the letter or the array of a name.

    Raises ReadError for a law of one entry only, and for two sentences that say different things.
    """
    names.alike = [bare(names, node) for node in names.supposed.alike]
    for node, kind, arguments in names.supposed.laws:
        law = chance.law(kind, [names.formulas.number(a) for a in arguments])
        _enter(names, node, bare(names, node), law)
    said: dict[Any, tuple[g.Node, dict[str, Expr]]] = {}
    for node, which, value in names.supposed.moments:
        node, moment = _of_entry(names, node, value)
        known = said.setdefault(bare(names, node), (node, {}))[1]
        found = _own_index(names, said[bare(names, node)][0], node, moment)
        if known.setdefault(which, found) != found:
            raise ReadError("Two sentences say different things about one mean or variance.", node.at)
    for letter, (node, moments) in said.items():
        _enter_moments(names, node, letter, moments)
    for node, kind in names.supposed.domains:
        found = names.drafts.find(use_of(node)) if kind == "random" else None
        if isinstance(found, Draft) and found.definition is None:
            _demand_law(names, bare(names, node))
    names.independent = tuple(_group(names, group, bare) for group in names.supposed.independent)
    for letter in names.random:
        if names.domain.get(letter) in ("onehot", "affine", "simplex", "closed simplex"):
            raise ReadError(ONE_OF_K.format(letter))
    shaped = [bare(names, node) for node, _ in names.supposed.shapes if names.is_plain(node)]
    names.formulas.alike = {
        letter
        for letter, (indices, _) in names.random.items()
        if isinstance(letter, IndexedBase) and not indices and letter not in shaped
    }


def _of_entry(names: Values, node: g.Node, value: g.Node) -> tuple[g.Node, Expr]:
    """What is said of a vector x as it is said of x_i: the mean of x_i is entry i of the mean of x."""
    moment = names.formulas.value(value)
    found = names.drafts.find(use_of(node))
    if not is_grid(moment) or isinstance(node, g.Scripts) or found is None or found.rank != 1:
        return node, names.formulas.number(value)
    if as_grid(moment).columns not in (1, None):
        raise ReadError("The mean of a vector is a vector, and its variance is said as Cov.", node.at)
    i = names.formulas.letter()
    names.formulas.scope[i.name] = i
    return g.Scripts(node, g.Name(i.name), at=node.at), as_grid(moment).entry(i, S.One)


def _enter(names: Values, node: g.Node, letter: Any, law: Law) -> None:
    """Enter a law, with the letters of the name as its indices."""
    letters = _indices(names, node)
    for part in law.parts():
        _demand_own(names, part, letters, node)
    pattern = letters if any(_has(part, letters) for part in law.parts()) else ()
    if names.random.setdefault(letter, (pattern, law)) != (pattern, law):
        raise ReadError("Two sentences say different laws of the same name: put them into one.", node.at)
    if isinstance(law, Bernoulli):
        if names.domain.get(letter) == "binary":  # its law says so
            del names.domain[letter]
        _make_probability(names, law.p)
    spread = getattr(law, "variance", None)
    if isinstance(spread, (Symbol, Indexed)):
        names.domain.setdefault(getattr(spread, "base", spread), "nonnegative")  # a variance is one


def _make_probability(names: Values, p: Expr) -> None:
    """A probability lies between 0 and 1."""
    if isinstance(p, (Symbol, Indexed)):
        base = getattr(p, "base", p)
        known = names.domain.setdefault(base, "closed unit")
        names.domain[base] = {"affine": "closed simplex"}.get(known, known)


def _enter_moments(names: Values, node: g.Node, letter: Any, moments: dict[str, Expr]) -> None:
    """What sentences say of mean and variance; a letter that is 0 or 1 has no other law with its mean."""
    if "square" in moments:  # E[x^2] is the variance and the square of the mean
        if "mean" not in moments or "variance" in moments:
            raise ReadError(f"Say the mean of {letter} with the mean of its square.", node.at)
        square = moments.pop("square")
        moments["variance"] = square - moments["mean"] ** 2
    binary = names.domain.get(letter) == "binary"
    if "chance of 1" in moments and not binary:
        raise ReadError(
            f"Which other values has {letter}? Say “Let ${letter} \\in \\{{0, 1\\}}$” with it.", node.at
        )
    chances = [moments[which] for which in ("chance of 1", "mean") if which in moments]
    if binary and len(moments) == len(chances) == 1:
        _enter(names, node, letter, Bernoulli(chances[0]))
    elif binary:
        raise ReadError(f"Of {letter}, which is 0 or 1, say the mean and nothing else: all follows.", node.at)
    elif letter not in names.random:
        _enter(names, node, letter, _any(names, letter)(**moments))
    elif (
        Moments not in type(names.random[letter][1]).__mro__
        or {which: getattr(names.random[letter][1], which) for which in moments} != moments
    ):
        raise ReadError(f"The law of {letter} says its mean already: leave one of the two out.", node.at)


def _any(names: Values, letter: Any) -> type[Moments]:
    """The kind of law of which only moments are said."""
    return Alike if letter in names.alike else Moments


def _demand_law(names: Values, letter: Any) -> None:
    """A letter that is called random has some law. Raises ReadError for one of 0 and 1 without its mean."""
    if letter not in names.random and names.domain.get(letter) == "binary":
        raise ReadError(f"{letter} is random and 0 or 1: say its mean, as in $\\mathbb{{E}}[{letter}] = p$.")
    names.random.setdefault(letter, ((), _any(names, letter)()))


def _indices(names: Values, node: g.Node) -> tuple[Symbol, ...]:
    """The letters for the indices of a name: all its entries are meant. Raises ReadError for one entry."""
    found = names.drafts.find(use_of(node))
    places = names.drafts.places(found, use_of(node).scripts) if found is not None else []
    words = [p.word for p in places if isinstance(p, g.Name) and p.word not in names.sizes]
    if len(set(words)) < len(places):
        raise ReadError(
            f"This is said of one entry only, {label(node)}: give it a letter of its own, or say it of all.",
            node.at,
        )
    return tuple(names.formulas.index(p) for p in places)  # type: ignore[misc]


def _own_index(names: Values, first: g.Node, node: g.Node, value: Expr) -> Expr:
    """What is said of X_j, in the letters in which it was first said of X_i."""
    letters = dict(zip(_indices(names, node), _indices(names, first), strict=True))
    _demand_own(names, value, tuple(letters), node)
    return value.xreplace(letters)


def _demand_own(names: Values, part: Expr, letters: tuple[Symbol, ...], node: g.Node) -> None:
    """Raises ReadError if a law of X_i speaks of another index, or of i inside of a definition."""
    hidden = {s for f in _applied(part) for s in f.body.free_symbols - set(f.parameters)}
    if hidden & set(letters):
        raise ReadError(f"The law of {label(node)} hides its index in a definition: write it out.", node.at)
    strange = {s for s in part.free_symbols if s.name in names.free} - set(letters) - _bound(part)
    if letters and strange:
        one = min(s.name for s in strange)
        raise ReadError(f"The law of {label(node)} speaks of {one}, which is none of its indices.", node.at)


def _applied(e: Expr) -> Iterable[Any]:
    """The functions that an expression applies, through others too."""
    waiting, seen = [e], set()
    while waiting:
        for call in waiting.pop().atoms(NamedFunction):
            if call.func not in seen:
                seen.add(call.func)
                waiting.append(call.func.body)
                yield call.func


def _bound(e: Expr) -> set[Symbol]:
    return e.atoms(Symbol) - e.free_symbols


def _has(part: Expr, letters: Iterable[Symbol]) -> bool:
    return bool(part.free_symbols & set(letters))


def _unit(names: Values, node: g.Node, letter: Any, count: int) -> Any:
    """A letter or the entries of an array; a vector that is independent of others is one whole."""
    draft = names.drafts.find(use_of(node))
    if node in names.supposed.apart or not isinstance(draft, Draft):
        return letter
    written = len(names.drafts.places(draft, use_of(node).scripts))
    if written and written < draft.rank + draft.above:
        raise ReadError(VECTORS.format(f"{spelled(draft.name)}_i"), node.at)
    said = [one for one, _ in names.supposed.shapes]
    said += [one for one, kind in names.supposed.domains if kind in ("vector", "matrix")]
    if count == 1 or written or node not in said:
        return letter
    names.blocks = (*names.blocks, letter)
    return Together(letter)


def _group(names: Values, group: Iterable[Any], bare: Any) -> tuple[Any, ...]:
    """Names that are independent, or blocks of them; each is random."""
    found: list[Any] = []
    for member in group:
        if isinstance(member, tuple):
            block = tuple(dict.fromkeys(bare(names, node) for node in member))
            found.append(Together(*block))
        else:
            found.append(_unit(names, member, bare(names, member), len(tuple(group))))
    for letter in (letter for member in found for letter in letters_of(member)):
        _demand_law(names, letter)
    return tuple(dict.fromkeys(found))


def of_part(names: Values, named: set[Any]) -> tuple[Mapping[Any, Law], tuple[tuple[Any, ...], ...]]:
    """The laws, and who is independent, of the letters that a part names; a part of a group is one, too."""
    random = {
        letter[indices] if indices else letter: law
        for letter, (indices, law) in names.random.items()
        if letter in named
    }
    groups = [tuple(filter(None, (_kept(one, named) for one in group))) for group in names.independent]
    return random, tuple(group for group in groups if _says_anything(group))


def _kept(member: Any, named: set[Any]) -> Any:
    if not isinstance(member, Together):
        return member if member in named else None
    letters = tuple(letter for letter in member.letters if letter in named)
    return Together(*letters) if letters else None


def _says_anything(group: tuple[Any, ...]) -> bool:
    """One letter alone is independent of nothing; the entries of an array are of each other."""
    return len(group) > 1 or (len(group) == 1 and isinstance(group[0], IndexedBase))
