"""What a formula says in a sentence that supposes: a definition, a domain, a range, a shape, a law."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from . import laws
from . import trees as g
from .grammar import parse
from .latex import ReadError, Token, tokens
from .names import head_of, indices, label
from .supposed import PART_ONLY, Definition, Supposed, of_matrix

if TYPE_CHECKING:
    from .lets import Place

ZERO, ONE = g.Num("0"), g.Num("1")
TURNED = {">": "<", "ge": "le"}
ONE_ENTRY = {"positive": ">", "nonnegative": "ge", "nonzero": "ne"}


def formula(read: list[Token], place: Place, found: Supposed, every: bool) -> None:
    """Enter what one formula says; `place` learns about which names, and of which kind it is."""
    texts = [str(t) for t in read]
    if "\\sim" in texts and "\\ldots" in texts:
        place.subjects = laws.drawn(read, texts.index("\\sim"), found)
    elif (
        "\\in" in texts and "\\ldots" in texts[: (at := texts.index("\\in"))] and "\\ldots" not in texts[at:]
    ):
        place.kind, place.subjects = "domain", [_numbered(read[:at], texts.index("\\ldots"), found)]
        element(place.subjects, read[at + 1 :], found)
    elif "\\ldots" in texts:
        place.kind, place.subjects = "range", _range(read, found)
    elif "\\sim" in texts:
        place.subjects = laws.law(read, texts.index("\\sim"), found)
    elif "\\in" in texts:
        at = texts.index("\\in")
        place.kind, place.subjects = "domain", each(parse(read[:at], found.words))
        element(place.subjects, read[at + 1 :], found)
    elif ":" in texts and "=" not in texts:  # W : K \times n, and f : R -> R
        at = texts.index(":")
        place.subjects = each(parse(read[:at], found.words))
        if "\\to" not in texts:
            shape(place.subjects, read[at + 1 :], found)
    elif "\\times" in texts and "=" not in texts and found.domains:  # an N \times n matrix
        shape([found.domains[-1][0]], read, found)
    else:
        _plain(read, place, found, every)


def _plain(read: list[Token], place: Place, found: Supposed, every: bool) -> None:
    texts = [str(t) for t in read]
    if "=" in texts and (word := _word(read[: texts.index("=")])) and not found.names_all(word):
        found.words.add(word)
    for piece in _pieces(parse(read, found.words)):
        if isinstance(piece, g.Related):
            place.kind = related(piece, found, place.subjects)
        elif every and isinstance(piece, g.Name) and piece.word in g.INDEX_LETTERS:
            place.kind = "every"
        else:
            if head_of(piece) is None:
                raise ReadError("It is not understood what this sentence says about it.", piece.at)
            place.subjects.append(piece)
            found.domains.append((piece, "real"))


def value(read: list[Token]) -> g.Node:
    """What a formula stands for, where it only names a number."""
    return parse(read)


def _pieces(tree: g.Node) -> list[g.Node]:
    """What commas separate: a, b > 0 says it of both, and 0 < p, q < 1 that both lie between."""
    pieces = each(tree)
    first, last = pieces[0], pieces[-1]
    if len(pieces) == 1 or not isinstance(last, g.Related):
        return pieces
    middle_plain = not any(isinstance(p, g.Related) for p in pieces[1:-1])
    if not isinstance(first, g.Related) and middle_plain and last.signs[0] != "=":
        return [*(g.Related((p, *last.pieces[1:]), last.signs, at=p.at) for p in pieces[:-1]), last]
    if isinstance(first, g.Related) and middle_plain and isinstance(first.pieces[0], g.Num):
        inside = [first.pieces[-1], *pieces[1:-1], last.pieces[0]]
        if all(head_of(p) is not None for p in inside):
            ends = (first.pieces[0], first.signs, last.signs, last.pieces[-1])
            return [g.Related((ends[0], p, ends[3]), (*ends[1], *ends[2]), at=p.at) for p in inside]
    return pieces


def each(tree: g.Node) -> list[g.Node]:
    """What commas separate."""
    return list(tree.items) if isinstance(tree, g.Listed) else [tree]


def _word(read: list[Token]) -> str:
    """A name of several letters on the left of a definition: a product cannot be defined."""
    word = "".join(t.text for t in read if t.kind == "letter")
    adjacent = all(b.at == a.at + 1 for a, b in itertools.pairwise(read))
    return word if 1 < len(word) == len(read) and adjacent else ""


def is_product(read: list[Token]) -> bool:
    """Whether a formula is no name, and says nothing of one: X^T X."""
    plain = not any(t.text in ("=", "in", ",") for t in read)
    return plain and head_of(parse(read)) is None


def is_bare(read: list[Token]) -> bool:
    """Whether a formula says nothing: it has no relation."""
    return not any(t.text in ("=", "<", ">", "in", "sim", "le", "ge", "ne", ":") for t in read)


def kind_of(subject: g.Node, kind: str, found: Supposed) -> None:
    """What a word says about a name."""
    if kind == "layer":
        if isinstance(subject, g.Name):
            found.layers.add(subject.word)
        found.domains[:] = [entry for entry in found.domains if entry[0] is not subject]
    elif kind == "logistic":
        scripts = g.Scripts(subject, at=subject.at)
        body = parse(tokens(r"\frac{1}{1 + e^{-u}}"))
        found.domains[:] = [entry for entry in found.domains if entry[0] is not subject]
        head = head_of(subject)
        if head is None or any(label(d.scripts) == label(head[0]) for d in found.definitions):
            return  # “σ(x) = … be the logistic function” defines it already
        found.definitions.append(Definition(scripts, (g.Name("u"),), body))
    elif kind == "smooth" and (head := head_of(subject)) is not None and head[1]:  # f(w)
        found.domains[:] = [entry for entry in found.domains if entry[0] is not subject]
        found.domains.append((head[0] if head[0].below else head[0].base, kind))
        found.domains += [(argument, "real") for argument in head[1] if isinstance(argument, g.Name)]
    elif kind in ONE_ENTRY and is_numbered(subject):  # x_1 > 0, which may be one entry of many
        condition = g.Related((subject, ZERO), (ONE_ENTRY[kind],), at=subject.at)
        found.numbered.append((subject, kind, [condition]))
    elif kind in (*ONE_ENTRY, "binary", "onehot") and not is_entry(subject) and not is_labelled(subject):
        raise ReadError(PART_ONLY)
    else:
        found.domains.append((subject, kind))


def _numbered(read: list[Token], dots: int, found: Supposed) -> g.Node:
    """x_1, \\dots, x_n as x_i: the index, which has no letter, runs from 1 to n."""
    first, last = parse(read[: dots - 1]), parse(read[dots + 2 :])
    plain = isinstance(first, g.Scripts) and isinstance(last, g.Scripts) and first.base == last.base
    if not plain or first.below != ONE or first.above or last.above or last.below is None:  # type: ignore
        raise ReadError("A list of names is read if it is numbered from 1, as x_1, \\dots, x_n.", first.at)
    letter = f"number {label(last.below)}"  # type: ignore[attr-defined]
    found.ranges[letter] = ONE, last.below  # type: ignore[attr-defined, assignment]
    return g.Scripts(first.base, g.Name(letter), at=first.at)  # type: ignore[attr-defined]


# ---- ranges, sets, shapes, laws
def _range(read: list[Token], found: Supposed) -> list[g.Node]:
    """k = 1, \\dots, K, or i, j = 1, \\dots, n, or t = 1, 2, \\dots."""
    texts = [str(t) for t in read]
    dots = texts.index("\\ldots")
    sign = "=" if "=" in texts else "\\in"
    if sign not in texts[:dots]:
        raise ReadError("An ellipsis is read only in a range, such as k = 1, \\dots, K.")
    at = texts.index(sign)
    letters = each(parse(read[:at], found.words))
    first = [t for t in read[at + 1 : dots] if str(t) not in ("\\lbrace",)]
    while first and str(first[-1]) == ",":
        first.pop()
    steps = each(parse(first))
    last = [t for t in read[dots + 1 :] if str(t) not in (",", "\\rbrace")]
    if len(steps) > 1 and [label(s) for s in steps] != [str(k) for k in range(1, len(steps) + 1)]:
        raise ReadError("Only a range of consecutive whole numbers is read, such as k = 1, 2, \\dots, K.")
    if not last:
        if steps[0] != ONE or not all(isinstance(letter, g.Name) or is_entry(letter) for letter in letters):
            raise ReadError("A range without an end must begin at 1, as t = 1, 2, \\dots.")
        found.count_arrays += [letter for letter in letters if isinstance(letter, g.Scripts)]
        found.counts |= {letter.word for letter in letters if isinstance(letter, g.Name)}
        return letters
    ends = steps[0], parse(last)
    for letter in letters:
        if isinstance(letter, g.Name) and not letter.accents:
            found.ranges[letter.word] = ends
        else:
            found.domains.append((letter, ("whole", *ends)))
    return letters


INTERVALS = {
    "(0,1)": "unit", "[0,1]": "closed unit", r"\lbrace0,1\rbrace": "binary", r"\lbrace1,0\rbrace": "binary",
    r"(0,\infty)": "positive", r"[0,\infty)": "nonnegative", r"\lbrace-1,1\rbrace": "sign",
    r"\lbrace-1,+1\rbrace": "sign",
    r"\lbrace1,-1\rbrace": "sign", r"\lbrace+1,-1\rbrace": "sign", r"\lbrace\pm1\rbrace": "sign",
}  # fmt: skip


def element(names: list[g.Node], read: list[Token], found: Supposed) -> None:
    """y \\in \\{0, 1\\}, (0, 1), [0, 1], \\mathbb{R}^n, \\{0, 1\\}^K."""
    texts = "".join(str(t) for t in read)
    above = texts.find("^")
    if above > 0 and texts[:above] in INTERVALS:  # {0, 1}^K
        at = next(k for k, t in enumerate(read) if t.text == "^")
        shape(names, [t for t in read[at + 1 :] if t.text not in "{}"], found)
        texts = texts[:above]
    for name in names:
        if texts in INTERVALS:
            found.domains.append((name, INTERVALS[texts]))
        elif texts.startswith((r"\mathbb{R}", r"\mathbbR", r"\R")):
            _real(name, read, texts, found)
        elif (read[0].text, read[-1].text) == ("(", ")"):
            inside = parse(read[1:-1])
            if not isinstance(inside, g.Listed) or len(inside.items) != 2:
                raise ReadError("An interval has two ends, as in (a, b).", read[0].at)
            found.domains.append((name, ("open", *inside.items)))
        else:
            raise ReadError(
                "This set is not read: use (a, b), [0, 1], {0, 1}, {-1, 1}, (0, \\infty) or \\mathbb{R}^n.",
                read[0].at,
            )


def _real(name: g.Node, read: list[Token], texts: str, found: Supposed) -> None:
    rest = texts.removeprefix(r"\mathbb").removeprefix("{R}").removeprefix(r"\R").removeprefix("R")
    for spelling, kind in (
        (r"_{>0}", "positive"),
        (r"_{\ge0}", "nonnegative"),
        ("_{+}", "nonnegative"),
        ("_+", "nonnegative"),
    ):
        if rest.startswith(spelling):
            found.domains.append((name, kind))
            rest = rest.removeprefix(spelling)
            break
    if not rest:
        found.numbers.append(name)
        found.domains.append((name, "real"))
        return
    at = next((k for k, t in enumerate(read) if t.text == "^"), None)
    if not rest.startswith("^") or at is None:
        raise ReadError(
            "This set is not read: write \\mathbb{R}, \\mathbb{R}^n or \\mathbb{R}^{m \\times n}.", read[0].at
        )
    inside = read[at + 1 :]
    if not inside:
        raise ReadError("The exponent of \\mathbb{R} is missing.", read[0].at)
    if inside[0].text == "{" and inside[-1].text == "}":
        inside = inside[1:-1]
    shape([name], inside, found)


def shape(names: list[g.Node], read: list[Token], found: Supposed) -> None:
    """The sizes of arrays: n, or m \\times n."""
    tree = parse(read)
    many = isinstance(tree, g.Product) and all(sign == "*" for sign, _ in tree.factors[1:])
    sizes = tuple(f for _, f in tree.factors) if isinstance(tree, g.Product) and many else (tree,)
    found.shapes += [(name, sizes) for name in names]


# ---- relations
def related(node: g.Related, found: Supposed, subjects: list[g.Node]) -> str:
    """Enter what a relation says; its kind: "definition", "domain", "range" or "condition"."""
    if all(sign == "=" for sign in node.signs):  # a = b = c
        *pieces, last = node.pieces
        pairs = [(pieces[0], piece) for piece in node.pieces[1:]]
        if isinstance(last, g.Num):  # Σ p = Σ q = 1
            pairs = [(piece, last) for piece in pieces]
        kinds = [_equation(g.Related(pair, ("=",), at=node.at), found, subjects) for pair in pairs]
        return kinds[0]
    bounds = _interval(node)
    if bounds is not None and is_numbered(bounds[0]):
        pairs = zip(node.pieces, node.signs, node.pieces[1:], strict=False)
        conditions = [g.Related((a, b), (sign,), at=node.at) for a, sign, b in pairs]
        found.numbered.append((*bounds, conditions))
        return "condition"
    if bounds is not None:
        subjects.append(bounds[0])
        found.domains.append(bounds)
        return "domain"
    if _index_range(node, found):
        subjects.append(node.pieces[1])
        return "range"
    for left, sign, right in zip(node.pieces, node.signs, node.pieces[1:], strict=False):
        if sign not in ("<", ">", "le", "ge", "ne"):
            raise ReadError("This condition is not understood.", node.at)
        found.conditions.append(g.Related((left, right), (sign,), at=node.at))
    return "condition"


def _equation(node: g.Related, found: Supposed, subjects: list[g.Node]) -> str:
    left, right = node.pieces
    sign = left.base if isinstance(left, g.Scripts) else None
    if sign == g.Sign("partial") and isinstance(left.below, g.Name) and isinstance(right, g.Frac):
        below = right.below.body if isinstance(right.below, g.Acts) else right.below
        found.operators[left.below.word] = below
        return "definition"
    if (of := laws.moment(left, right, found, _may_have_domain)) is not None:
        subjects.append(of)
        return "domain"
    if _sums_to_one(left, right):
        found.domains.append((left.body, "sums to 1"))  # type: ignore[attr-defined]
        return "domain"
    if kind := of_matrix(left, right):
        found.domains.append(kind)
        return "domain"
    left, right = found.defined_first(left, right)
    head, of = head_of(left), head_of(right)
    if isinstance(left, g.Name) and of is not None and of[1] and of[0].base == left:  # C = C(a, b)
        found.costs.append((left, of[1]))
        return "domain"
    letter = isinstance(left, g.Name) and left.word in g.INDEX_LETTERS and not left.accents
    if head is None or (letter and isinstance(right, (g.Name, g.Num))) or found.knows(head[0]):
        found.facts.append((left, right))
        return "condition"
    if any((label(d.scripts), len(d.arguments)) == (label(head[0]), len(head[1])) for d in found.definitions):
        raise ReadError(f"{label(head[0])} is defined twice.", node.at)
    subjects.append(left)
    found.definitions.append(Definition(*head, right))
    return "definition"


def _sums_to_one(left: g.Node, right: g.Node) -> bool:
    """Σ_k y_k = 1, over all entries of a row: the last index of the array."""
    if right != ONE or not isinstance(left, g.Acts) or not isinstance(left.operator, g.Scripts):
        return False
    sign, entry = left.operator, left.body
    low = sign.below.pieces[1] if isinstance(sign.below, g.Related) and sign.below.signs == ("=",) else ONE
    letter = sign.below.pieces[0] if isinstance(sign.below, g.Related) else sign.below
    if sign.base != g.Sign("sum") or low != ONE or not is_entry(entry) or not isinstance(entry, g.Scripts):
        return False
    return indices(entry.below)[-1] == letter


def is_entry(node: g.Node) -> bool:
    """A name as a domain may be said of it: no power, and different letters as indices: all entries."""
    head = head_of(node)
    if head is None or head[1]:
        return False
    scripts = head[0]
    below = indices(scripts.below)
    letters = [p.word for p in below if isinstance(p, g.Name) and p.word in g.INDEX_LETTERS]
    label_below = len(below) == 1 and isinstance(below[0], g.Name) and below[0].word not in g.INDEX_LETTERS
    return scripts.above is None and (label_below or len(set(letters)) == len(below))


def is_labelled(node: g.Node) -> bool:
    """A name with a label in brackets above it, as in a^{(l)}_k > 0."""
    head = head_of(node)
    return (
        head is not None
        and isinstance(head[0].above, g.Bracket)
        and is_entry(g.Scripts(head[0].base, head[0].below, at=node.at) if head[0].below else head[0].base)
    )


def is_numbered(node: g.Node) -> bool:
    """β_1, which is a letter of its own unless β has entries."""
    below = indices(node.below) if isinstance(node, g.Scripts) and node.above is None else []
    return len(below) == 1 and isinstance(below[0], g.Num) and isinstance(node.base, g.Name)  # type: ignore[attr-defined]


def is_starred(node: g.Node) -> bool:
    """s^*, which is a name."""
    return isinstance(node, g.Scripts) and node.above == g.Name("*") and isinstance(node.base, g.Name)


def _may_have_domain(node: g.Node) -> bool:
    return is_entry(node) or is_labelled(node) or is_numbered(node) or is_starred(node)


def _interval(node: g.Related) -> tuple[g.Node, object] | None:
    """The domain that inequalities with 0 and 1, or two numbers, give a name."""
    pieces, signs = list(node.pieces), list(node.signs)
    if all(s in TURNED for s in signs):
        pieces, signs = pieces[::-1], [TURNED[s] for s in signs[::-1]]
    if len(signs) == 2 and all(s in ("<", "le") for s in signs):
        low, name, high = pieces
        if not _may_have_domain(name):
            return None
        if (low, high) == (ZERO, ONE) and signs[0] == signs[1]:
            return name, "unit" if signs[0] == "<" else "closed unit"
        return (name, ("open", low, high)) if signs == ["<", "<"] else None
    if len(signs) != 1 or ZERO not in pieces:
        return None
    name = pieces[0] if pieces[1] == ZERO else pieces[1]
    kinds = {("<", 0): "positive", ("le", 0): "nonnegative", ("ne", 0): "nonzero", ("ne", 1): "nonzero"}
    kind = kinds.get((signs[0], pieces.index(ZERO)))
    return (name, kind) if kind and _may_have_domain(name) else None


def _index_range(node: g.Related, found: Supposed) -> bool:
    """1 \\le j \\le n."""
    middle = node.pieces[1] if len(node.pieces) == 3 else None
    if node.signs != ("le", "le") or not isinstance(middle, g.Name) or middle.word not in g.INDEX_LETTERS:
        return False
    if not isinstance(node.pieces[0], g.Num):
        return False
    found.ranges[middle.word] = node.pieces[0], node.pieces[2]
    return True
