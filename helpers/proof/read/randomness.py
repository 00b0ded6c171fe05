"""What the words of a sentence say about chance: what is random, its law, what is independent of what.

Such a word belongs to the names before it, which commas and "and" may join, or to the one after it; of every
other name of the sentence it says nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from . import laws
from . import trees as g
from .latex import ReadError
from .supposed import Definition, Supposed

if TYPE_CHECKING:
    from .lets import Place

CENTRED = r"(?:zero[- ]mean|mean (?:0|zero)|centred|centered)"
UNDER = r"(?:unit variance|variance (?:1|one))\b"
OF = r"independent of(?: (?:all|both|each|every|the|input|inputs|feature|features|weights?))*\s*$"
ALONE = r"independent(?:ly)?\b(?! of\b)"
WITHOUT = r"\b(?:drawn )?without replacement\b"
NOISE = r"\bnoise\b(?!\s+(?!with|and|of|in|terms?|vectors?|variables?|samples?|at|for|on|is|be|are)[a-z])"
RANDOM = rf"\brandom\b|{NOISE}|{ALONE}|{CENTRED}|{UNDER}"  # the noise variance is no noise
WORDS = (WITHOUT, CENTRED, UNDER, r"\bindependent(?:ly)?\b", r"\brandom\b")  # that are read here
NOUN = (
    r"(?:\s+(?:noise|errors?|random|independent|numbers?|variables?|vectors?|weights?|labels?|letters?))*\s*"
)
COMPLEMENT = re.compile(r"\b(?:of|in)(?: (?:the|an?|its|all|each|every))?(?: [a-z-]+)?\s*$")
JOINED = re.compile(r"[\s,]*(?:and|,)?[\s,]*")
OUTSIDE = re.compile(r"<|>|\\(?:le|ge|leq|geq|ne|neq)\b")  # a condition, about which no word of chance is
CONSTANT = re.compile(r"\b(?:constants?|numbers?|scalars?)\b")
NAMED = r"(?:Bernoulli|Binomial|Gaussian|Normal|Poisson|Rademacher|Laplace|Exponential|Cauchy|Uniform)\b"
CHANCE = re.compile(
    rf"\b(?:random|mean|variance|independent)\b|\b(?:be|are|is)\s+(?:(?:an?|standard)\s+)*{NAMED}", re.I
)
ENTRIES = re.compile(r"\b(?:entr(?:y|ies)|components?|coordinates?|elements)\b")
COVARIANCE = (
    "A covariance matrix is read if it has a name, as in “covariance $\\Sigma$”. If the entries are "
    "independent, say “with independent entries” and their variance."
)
MEAN = re.compile(r"mean|variance|centred|centered")


def demand_law_in_signs(words: str, sentence: str) -> None:
    """Raises ReadError for the name of a law that stands in words only: it may not be passed over."""
    name = re.search(NAMED, words)
    if name and "\\sim" not in sentence and CHANCE.search(words):
        raise ReadError(
            f"The law “{name[0]}” is not read in these words: write it as a formula, such as "
            r"x \sim \mathcal{N}(\mu, \sigma^2) or Y \sim \text{Bernoulli}(p)."
        )


def spans(places: list[Place]) -> Iterator[tuple[Place, list[g.Node]]]:
    """Each place of a sentence with the names that words behind it are about."""
    group: list[g.Node] = []
    before: Place | None = None
    for place in places:
        if COMPLEMENT.search(place.before) and group:  # what comes after “an estimator of θ” is not about θ
            before = None
        elif (
            place.subjects
            and place.kind not in ("range", "definition", "moment")
            and not OUTSIDE.search(place.source)
        ):
            joined = before is not None and JOINED.fullmatch(place.before) and _alike(before, place)
            group = [*group, *place.subjects] if joined else list(place.subjects)
            before = place
        elif place.kind == "definition":
            group, before = [], None
        else:
            before = None
        yield place, group


def _alike(one: Place, other: Place) -> bool:
    """Whether two names may stand in one list: both alone, both with a law, both with a set."""
    signs = [re.findall(r"\\sim\b|\\in\b|=", place.source)[:1] for place in (one, other)]
    return signs[0] == signs[1]


def attached(pattern: str, places: list[Place]) -> list[g.Node]:
    """The names that a word of this pattern is about."""
    return list(dict.fromkeys(name for group in groups(pattern, places) for name in group))


def groups(pattern: str, places: list[Place]) -> list[list[g.Node]]:
    """The names that a word of this pattern is about, those of each time that it is said together."""
    found: list[list[g.Node]] = []
    for (place, group), following in zip(spans(places), [*places[1:], None], strict=False):
        after = re.split(r"[.;]|\bwhere\b|(?<!independent) of\b", place.after)[0]
        hits = [hit.end() for hit in re.finditer(pattern, after)]
        if following is not None and following.subjects:  # "a number w and zero-mean noise x"
            hits = [end for end in hits if not re.fullmatch(NOUN, after[end:])]
        if hits:
            found = [one for one in found if not set(one) <= set(group)] + [group]
        elif re.search(rf"(?:{pattern}){NOUN}$", place.before):
            found.append(group if place.kind == "range" else list(place.subjects))
    return found


def about(places: list[Place]) -> list[g.Node]:
    """The last names of a sentence so far: whose mean it is that comes next."""
    return next((group for _, group in reversed(list(spans(places))) if group), [])


def moments(kind: str, plural: bool, value: g.Node, earlier: list[Place], found: Supposed) -> None:
    """ "mean μ" after a name. Raises ReadError where it is not clear whose mean it is."""
    names = about(earlier)
    if not names:
        raise ReadError(f"Whose {kind} is this? Name it before, as in “$x$ has mean $\\mu$”.")
    if plural and len(names) > 1:
        raise ReadError(f"Which {kind} is whose? Say each by a formula, as in $\\mathbb{{E}}[x] = \\mu$.")
    if kind == "covariance":
        if len(names) > 1 or not isinstance(value, g.Name):
            raise ReadError(COVARIANCE)
        of = g.Product((("", g.Name("Cov")), ("", g.Bracket("(", tuple(names), at=value.at))), at=value.at)
        found.definitions.append(Definition(g.Scripts(value, at=value.at), (), of))
        return
    found.moments += [(name, kind, value) for name in names]


def enter(places: list[Place], sentence: str, found: Supposed, known: tuple[int, int]) -> None:
    """Enter what the words of one sentence say; its laws and moments begin at the places `known`."""
    alone = attached(ALONE, places)
    found.domains += [(name, "random") for name in attached(RANDOM, places)]
    found.moments += [(name, "mean", g.Num("0")) for name in attached(CENTRED, places)]
    found.moments += [(name, "variance", g.Num("1")) for name in attached(UNDER, places)]
    if re.search(WITHOUT, sentence):
        laws.not_put_back(found, known[0])
    if "independent of" in sentence:
        _independent_of(places, alone, found)
    elif "independent" in sentence:
        said = [e[0] for e in (*found.laws[known[0] :], *found.moments[known[1] :])]
        together = groups(ALONE, places) or ([said] if said else [])
        if not any(together):
            raise ReadError("It is not said which names are independent: put them into this sentence.")
        found.independent += [list(dict.fromkeys(group)) for group in together if group]
        if ENTRIES.search(sentence):
            found.apart += [name for group in together for name in group]


def _independent_of(places: list[Place], alone: list[g.Node], found: Supposed) -> None:
    """\"ε_i independent of x_i\": as a whole each, unless the sentence says that ε_i are so of each other."""
    at = next((k for k, place in enumerate(places) if re.search(OF, place.before)), None)
    first = about(places[:at]) if at else []
    if not first:
        raise ReadError("What is independent of what? Name both, as in “$x$ is independent of $y$”.")
    others = list(places[at].subjects)
    if any(MEAN.search(place.after) for place in places[at:]):
        raise ReadError("Whose mean is it? Say it before “independent of”, or in a sentence of its own.")
    for before, place in pairwise(places[at:]):
        if not (JOINED.fullmatch(place.before) and place.subjects and _alike(before, place)):
            break
        others += place.subjects
    letters = [name for name in others if not (isinstance(name, g.Name) and name.word in g.INDEX_LETTERS)]
    constant = any(CONSTANT.search(place.after) for place in places[:at] if set(first) & set(place.subjects))
    if constant or not letters:
        return  # a number that does not depend on another: nothing about chance
    together = tuple(name for name in first if name not in alone)
    members = [*(name for name in first if name in alone), *([together] if together else []), tuple(letters)]
    found.domains += [(name, "random") for name in (*first, *letters)]
    found.independent.append(members)
