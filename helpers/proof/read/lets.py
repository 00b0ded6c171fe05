"""Sentences that define and suppose, such as "Let $z = \\sum_i w_i x_i$ and $0 \\le y \\le 1$"."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, field
from typing import Any

from . import chance
from . import trees as g
from .grammar import parse
from .latex import Macro, ReadError, Token, tokens
from .names import head_of, spelled

MATHS = re.compile(r"\$([^$]+)\$|\\\((.+?)\\\)", re.S)
KINDS = (  # words after a name, what they say
    (r"one[- ]hot", "onehot"),
    (r"(?:probabilit(?:y|ies)|distribution)", "simplex"),
    (r"non[- ]?negative", "nonnegative"),
    (r"positive", "positive"),
    (r"non[- ]?zero", "nonzero"),
    (r"binary", "binary"),
    (r"(?:independent|random|mean (?:0|zero)|zero[- ]mean|centred|centered)", "random"),
    (r"symmetric", "symmetric"),
    (r"orthogonal", "orthogonal"),
    (r"invertible", "invertible"),
    (r"(?:differentiable|smooth|activation)", "smooth"),
    (r"layers?\b", "layer"),
    (r"(?:real|numbers?\b|scalars?\b|constants?\b)", "real"),
)


@dataclass(frozen=True)
class Definition:
    """`name` with its scripts, the names of its arguments, and what it stands for."""

    scripts: g.Scripts
    arguments: tuple[g.Node, ...]
    body: g.Node
    row: Any = None  # the row that defines it, if no sentence does

    @property
    def name(self) -> g.Name:
        assert isinstance(self.scripts.base, g.Name)
        return self.scripts.base


@dataclass
class Supposed:
    """All that the sentences of a text define and suppose, as trees."""

    definitions: list[Definition] = field(default_factory=list)
    domains: list[tuple[g.Node, object]] = field(
        default_factory=list
    )  # a word, or ("whole" or "open", low, high)
    facts: list[tuple[g.Node, g.Node]] = field(default_factory=list)
    conditions: list[g.Related] = field(default_factory=list)
    ranges: dict[str, tuple[g.Node, g.Node]] = field(default_factory=dict)
    shapes: list[tuple[g.Node, tuple[g.Node, ...]]] = field(default_factory=list)
    sizes: list[str] = field(default_factory=list)
    layers: set[str] = field(default_factory=set)
    laws: list[tuple[g.Node, str, tuple[g.Node, ...]]] = field(default_factory=list)  # name, law, arguments
    moments: list[tuple[g.Node, str, g.Node]] = field(
        default_factory=list
    )  # name, "mean" or "variance", value
    independent: list[list[g.Node]] = field(default_factory=list)
    words: set[str] = field(default_factory=set)  # names of several letters
    operators: dict[str, g.Node] = field(default_factory=dict)  # letter -> by what \partial_letter derives

    @property
    def says_anything(self) -> bool:
        return bool(
            self.definitions or self.domains or self.facts or self.conditions or self.shapes or self.ranges
        )

    def trees(self) -> list[g.Node]:
        """Every tree in which names are used."""
        found: list[g.Node] = [d.body for d in self.definitions]
        for left, right in self.facts:
            found += [left, right]
        found += [part for name, _, arguments in self.laws for part in (name, *arguments)]
        found += [part for name, _, value in self.moments for part in (name, value)]
        return found + list(self.conditions)


def suppose(sentence: str, macros: dict[str, Macro], found: Supposed) -> None:
    """Enter what one sentence says. Raises ReadError, with the formula, where it cannot be read."""
    ends, known = [0], (len(found.domains), len(found.laws), len(found.moments))
    spans = list(MATHS.finditer(sentence))
    if not spans and "=" in sentence:
        raise ReadError(f"Put the formulas of “{sentence[:40]}” between dollar signs.")
    for k, span in enumerate(spans):
        before = sentence[ends[-1] : span.start()]
        after = sentence[span.end() : spans[k + 1].start() if k + 1 < len(spans) else len(sentence)]
        ends.append(span.end())
        source = span.group(1) or span.group(2)
        try:
            _formula(tokens(source, macros), before.lower(), after.lower(), found)
        except ReadError as trouble:
            raise ReadError(f"In “{source.strip()[:60]}”: {trouble}") from None
    _chance(sentence.lower(), found, known)


def _formula(read: list[Token], before: str, after: str, found: Supposed) -> None:
    texts = [str(t) for t in read]
    if "\\ldots" in texts:
        return _range(read, found)
    if "\\sim" in texts:
        return _law(read, texts.index("\\sim"), found)
    if "\\in" in texts:
        at = texts.index("\\in")
        return _element(parse(read[:at]), read[at + 1 :], found)
    if ":" in texts and "=" not in texts:  # W : K \times n
        at = texts.index(":")
        return _shape(_each(parse(read[:at])), read[at + 1 :], found)
    if "\\times" in texts and "=" not in texts and found.domains and re.search(r"\b(?:an?|matrix)\b", before):
        return _shape([found.domains[-1][0]], read, found)
    if "=" in texts and (word := _word(read[: texts.index("=")])):
        found.words.add(word)
    tree = parse(read, found.words)
    pieces = tree.items if isinstance(tree, g.Listed) else (tree,)
    last = pieces[-1]
    alone = not any(isinstance(p, g.Related) for p in pieces[:-1])
    if alone and isinstance(last, g.Related) and last.signs[0] != "=":
        for name in pieces[:-1]:  # a, b > 0
            _related(g.Related((name, *last.pieces[1:]), last.signs, at=name.at), found)
        return _related(last, found)
    for piece in pieces:
        if isinstance(piece, g.Related):
            _related(piece, found)
        else:
            _named(piece, before, after, found)


def _word(read: list[Token]) -> str:
    """A name of several letters on the left of a definition: a product cannot be defined."""
    word = "".join(t.text for t in read if t.kind == "letter")
    adjacent = all(b.at == a.at + 1 for a, b in itertools.pairwise(read))
    return word if 1 < len(word) == len(read) and adjacent else ""


def _chance(sentence: str, found: Supposed, known: tuple[int, int, int]) -> None:
    """What the words of a sentence say about the names in it."""
    names = [node for node, kind in found.domains[known[0] :] if kind in ("real", "random")]
    if chance.CENTRED.search(sentence):
        found.moments += [(name, "mean", ZERO) for name in names]
    if chance.UNDER.search(sentence):
        found.moments += [(name, "variance", ONE) for name in names]
    if "independent" in sentence:
        group = [*names, *(e[0] for e in found.laws[known[1] :]), *(e[0] for e in found.moments[known[2] :])]
        if not group:
            raise ReadError("It is not said which names are independent: put them into this sentence.")
        found.independent.append(list(dict.fromkeys(group)))


def _law(read: list[Token], at: int, found: Supposed) -> None:
    """r_i \\sim \\text{Bernoulli}(p), x \\sim \\mathcal{N}(0, \\sigma^2)."""
    tree = parse(list(read[at + 1 :]), {"Bernoulli", "Uniform"})
    head = head_of(tree)
    if head is None or not head[1]:
        raise ReadError(
            "This law is not read: Bernoulli(p) and \\mathcal{N}(\\mu, \\sigma^2) are.", read[at].at
        )
    for name in _each(parse(read[:at])):
        found.laws.append((name, head[0].base.word.split()[-1], head[1]))  # type: ignore[union-attr]


def _each(tree: g.Node) -> list[g.Node]:
    return list(tree.items) if isinstance(tree, g.Listed) else [tree]


def _range(read: list[Token], found: Supposed) -> None:
    """k = 1, \\dots, K, or i, j = 1, \\dots, n."""
    texts = [str(t) for t in read]
    dots = texts.index("\\ldots")
    sign = "=" if "=" in texts else "\\in"
    if sign not in texts[:dots]:
        raise ReadError("An ellipsis is read only in a range, such as k = 1, \\dots, K.")
    at = texts.index(sign)
    letters = _each(parse(read[:at]))
    first = [t for t in read[at + 1 : dots] if str(t) not in (",", "\\lbrace")]
    last = [t for t in read[dots + 1 :] if str(t) not in (",", "\\rbrace")]
    numbers = first[:1] if "," in texts[at + 1 : dots] else first
    ends = parse(numbers), parse(last)
    for letter in letters:
        if isinstance(letter, g.Name) and not letter.accents:
            found.ranges[letter.word] = ends
        else:
            found.domains.append((letter, ("whole", *ends)))


def _element(name: g.Node, read: list[Token], found: Supposed) -> None:
    """y \\in \\{0, 1\\}, (0, 1), [0, 1], \\mathbb{R}^n."""
    texts = "".join(str(t) for t in read)
    kinds = {"(0,1)": "unit", "[0,1]": "closed unit", r"\lbrace0,1\rbrace": "binary"}
    for each in _each(name):
        if texts in kinds:
            found.domains.append((each, kinds[texts]))
        elif texts.startswith((r"\mathbb{R}", r"\mathbbR", r"\R")):
            _real(each, read, texts, found)
        elif read[0].text in "([" and read[-1].text in ")]":
            inside = parse(read[1:-1])
            if not isinstance(inside, g.Listed) or len(inside.items) != 2 or read[0].text == "[":
                raise ReadError(
                    "Only open intervals (a, b), [0, 1] and {0, 1} are read as a domain.", read[0].at
                )
            found.domains.append((each, ("open", *inside.items)))
        else:
            raise ReadError("This set is not read: use (a, b), [0, 1], {0, 1} or \\mathbb{R}^n.", read[0].at)


def _real(name: g.Node, read: list[Token], texts: str, found: Supposed) -> None:
    rest = texts.removeprefix(r"\mathbb").removeprefix("{R}").removeprefix(r"\R").removeprefix("R")
    tree = parse(read)
    above = tree.above if isinstance(tree, g.Scripts) else None
    if not rest:
        found.domains.append((name, "real"))
    elif rest.startswith(("_{+}", "_+")):
        found.domains.append((name, "nonnegative"))
    elif above is not None:
        found.shapes.append((name, _sizes_of(above)))
    else:
        raise ReadError(
            "This set is not read: write \\mathbb{R}, \\mathbb{R}^n or \\mathbb{R}^{m \\times n}.", read[0].at
        )


def _sizes_of(node: g.Node) -> tuple[g.Node, ...]:
    if isinstance(node, g.Product) and all(sign == "*" for sign, _ in node.factors[1:]):
        return tuple(f for _, f in node.factors)
    return (node,)


def _shape(names: list[g.Node], read: list[Token], found: Supposed) -> None:
    for name in names:
        found.shapes.append((name, _sizes_of(parse(read))))


def _related(node: g.Related, found: Supposed) -> None:
    if node.signs[0] == "=" and len(node.signs) == 1:
        return _equation(node, found)
    if node.signs[-1] == "=" and all(sign == "=" for sign in node.signs):  # a = b = c
        for k in range(len(node.signs)):
            _equation(
                g.Related((node.pieces[k if k == 0 else 0], node.pieces[k + 1]), ("=",), at=node.at), found
            )
        return None
    bounds = _interval(node)
    if bounds is not None:
        found.domains.append(bounds)
    elif _index_range(node, found):
        return None
    elif set(node.signs) <= {"<", ">", "le", "ge", "ne"} and len(node.signs) == 1:
        found.conditions.append(node)
    else:
        raise ReadError("This condition is not understood.", node.at)
    return None


def _equation(node: g.Related, found: Supposed) -> None:
    left, right = node.pieces
    sign = left.base if isinstance(left, g.Scripts) else None
    if sign == g.Sign("partial") and isinstance(left.below, g.Name) and isinstance(right, g.Frac):
        below = right.below.body if isinstance(right.below, g.Acts) else right.below
        found.operators[left.below.word] = below
        return
    if _moment(left, right, found):
        return
    if _sums_to_one(left, right):
        assert isinstance(left, g.Acts)
        found.domains.append((left.body, "sums to 1"))
        return
    head = head_of(left)
    simple = isinstance(right, (g.Name, g.Num))
    if head is None or (
        simple and isinstance(left, g.Name) and left.word in "ijklmnqrst" and not left.accents
    ):
        found.facts.append((left, right))
        return
    found.definitions.append(Definition(*head, right))


def _moment(left: g.Node, right: g.Node, found: Supposed) -> bool:
    """E[x_i] = 0, Var(w_i) = \\sigma^2."""
    if (
        not isinstance(left, g.Product)
        or len(left.factors) != 2
        or not isinstance(left.factors[1][1], g.Bracket)
    ):
        return False
    kind, items = chance.operator_of(left.factors[0][1]), left.factors[1][1].items
    if kind not in ("E", "bb E", "V", "bb V", "Var") or len(items) != 1 or head_of(items[0]) is None:
        return False
    found.moments.append((items[0], "mean" if "E" in kind else "variance", right))
    return True


def _sums_to_one(left: g.Node, right: g.Node) -> bool:
    if not (
        right == g.Num("1") and isinstance(left, g.Acts) and isinstance(left.operator, (g.Scripts, g.Sign))
    ):
        return False
    sign = left.operator.base if isinstance(left.operator, g.Scripts) else left.operator
    return sign == g.Sign("sum") and isinstance(left.body, (g.Name, g.Scripts))


ZERO, ONE = g.Num("0"), g.Num("1")


def _interval(node: g.Related) -> tuple[g.Node, object] | None:
    """The domain that inequalities with 0 and 1 give a name."""
    pieces, signs = list(node.pieces), list(node.signs)
    if all(s in (">", "ge") for s in signs) and len(signs) == 2:
        pieces, signs = pieces[::-1], [{">": "<", "ge": "le"}[s] for s in signs[::-1]]
    if len(signs) == 2 and all(s in ("<", "le") for s in signs):
        low, name, high = pieces
        if head_of(name) is None or (signs == ["le", "le"] and _is_letter(name)):
            return None if not _is_letter(name) or (low, high) != (ZERO, ONE) else (name, "closed unit")
        if (low, high) == (ZERO, ONE) and signs in (["<", "<"], ["le", "le"]):
            return name, "unit" if signs == ["<", "<"] else "closed unit"
        return (name, ("open", low, high)) if signs == ["<", "<"] else None
    if len(signs) == 1 and pieces[1] == ZERO and head_of(pieces[0]) is not None:
        kind = {">": "positive", "ge": "nonnegative", "ne": "nonzero"}.get(signs[0])
        return (pieces[0], kind) if kind else None
    if len(signs) == 1 and pieces[0] == ZERO and head_of(pieces[1]) is not None:
        kind = {"<": "positive", "le": "nonnegative"}.get(signs[0])
        return (pieces[1], kind) if kind else None
    return None


def _is_letter(node: g.Node) -> bool:
    return isinstance(node, g.Name) and not node.accents


def _index_range(node: g.Related, found: Supposed) -> bool:
    """1 \\le j \\le n."""
    if node.signs != ("le", "le") or not isinstance(node.pieces[1], g.Name):
        return False
    found.ranges[node.pieces[1].word] = node.pieces[0], node.pieces[2]
    return True


def _named(node: g.Node, before: str, after: str, found: Supposed) -> None:
    """A name on its own: what it is stands in the words around it."""
    close = re.split(r"[.;]", after)[0]
    for pattern, kind in KINDS:
        if re.search(pattern, close) or re.search(pattern + r"\s*(?:function|vector|matrix)?s?\s*$", before):
            if kind == "layer" and isinstance(node, g.Name):
                found.layers.add(node.word)
            else:
                found.domains.append((node, kind))
            return
    if head_of(node) is None:
        raise ReadError("It is not understood what this sentence says about it.", node.at)
    found.domains.append((node, "real"))


def words(node: g.Node) -> str:
    """A name for a sentence."""
    base = node.base if isinstance(node, g.Scripts) else node
    return spelled(base) if isinstance(base, g.Name) else "this"
