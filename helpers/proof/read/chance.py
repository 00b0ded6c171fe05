"""What sentences say about chance: laws, means, variances, independence; E, Var and Cov in formulas."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sympy import IndexedBase, Inverse, S

from ..statement.laws import Bernoulli, Law, Normal, Uniform, WithoutReplacement
from ..statement.operators import Covariance, Expectation, Variance
from ..statement.terms import NamedFunction
from . import trees as g
from .grids import Grid, as_grid, is_grid, one_entry
from .latex import ReadError
from .names import indices

if TYPE_CHECKING:
    from .formulas import Formulas

OPERATORS = {
    "E": Expectation,
    "bb E": Expectation,
    "V": Variance,
    "bb V": Variance,
    "Var": Variance,
    "Cov": Covariance,
}


INVERSE = (
    "The covariance matrix of a vector with an inverse in it is not read: name the matrix before the vector, "
    "as in “Let $A \\in \\mathbb{R}^{d \\times n}$”, and write $\\mathrm{Cov}(A y) = A \\mathrm{Cov}(y) A^T$."
)


def operator_of(node: g.Node) -> str:
    """Which operator a name is, unless the text defines it: "" for none."""
    if isinstance(node, g.Words):
        return node.text if node.text in OPERATORS else ""
    return node.word if isinstance(node, g.Name) and not node.accents and node.word in OPERATORS else ""


def apply(f: Formulas, name: str, scripts: g.Scripts, bracket: g.Bracket) -> Any:
    """E[…], Var(…), Cov(a, b)."""
    kind = OPERATORS[name]
    inside = [_member(f, item) for item in bracket.items]
    whole = any(map(is_grid, inside))
    if len(inside) != (2 if kind is Covariance else 1) and not (kind is Covariance and whole):
        raise ReadError(
            f"{name.split()[-1]} takes {'two arguments' if kind is Covariance else 'one'}.", bracket.at
        )
    over = [_letter(f, piece) for piece in indices(scripts.below)]
    if over and kind is not Expectation:
        raise ReadError("An index is read below an expectation only.", scripts.at)
    if not whole:
        return kind(*inside, *over)
    if kind is Expectation:
        return as_grid(inside[0]).each(lambda e: Expectation(e, *over))
    f.of_vector = f.of_vector or kind is Variance
    return _covariances(inside, bracket.at)


def _covariances(vectors: list[Any], at: int) -> Grid:
    """Cov(x) = Var(x) and Cov(x, y) of vectors: the covariance of each entry with each."""
    if not all(is_grid(x) and as_grid(x).columns == 1 for x in vectors) or len(vectors) > 2:
        raise ReadError("A variance or a covariance is read of numbers, or of vectors that are columns.", at)
    x, y = as_grid(vectors[0]), as_grid(vectors[-1])
    if any(_has_inverse(one.entry(S.One, S.One)) for one in (x, y)):
        raise ReadError(INVERSE, at)
    return Grid(x.rows, y.rows, lambda i, j: Covariance(x.entry(i, S.One), y.entry(j, S.One)))


def _has_inverse(e: Any) -> bool:
    """Whether an inverse of a matrix stands in a term, or in a definition that it names."""
    return e.has(Inverse) or any(_has_inverse(call.func.body) for call in e.atoms(NamedFunction))


def _member(f: Formulas, item: g.Node) -> Any:
    """Var(w) as that of any w_i, where these are numbers of one law and nothing calls w a vector."""
    for meaning in f.vocabulary.of(item) if isinstance(item, g.Name) and not item.bold else ():
        if meaning.value in f.alike and meaning.rank == 1:
            return meaning.value[1]
    return one_entry(f.value(item))


def _letter(f: Formulas, node: g.Node) -> Any:
    """What an expectation is over: a letter, an entry, or all entries of an array."""
    for meaning in f.vocabulary.of(node) if isinstance(node, g.Name) else ():
        if isinstance(meaning.value, IndexedBase):
            return meaning.value
    return f.number(node)


def law(kind: str, arguments: list[Any]) -> Law:
    """The law with this name. Raises ReadError for an unknown one."""
    known = kind.lower()
    if known in ("bernoulli", "ber", "b") and len(arguments) == 1:
        return Bernoulli(arguments[0])
    if known == "without replacement":
        return WithoutReplacement(*arguments)
    if known in ("n", "normal", "uniform") and len(arguments) == 2:
        if known in ("n", "normal"):
            return Normal(*arguments)
        return Uniform(*arguments)
    raise ReadError(
        f"The law “{kind}” with {len(arguments)} argument(s) is not read: Bernoulli(p) and N(μ, σ²) are."
    )
