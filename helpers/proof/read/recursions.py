"""Recursions of a text, such as v_t = β v_{t-1} + g_t for t ≥ 1 with v_0 = 0, and what an induction supposes.

A definition that names itself at the neighbouring index is a recursion if another one says where it starts;
an equation for the neighbouring index is the hypothesis of an induction. Neither is guessed from words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

from sympy import Basic, Expr, Ge, Le, S, Symbol, expand

from ..statement import chain
from ..statement.recursive import RecursiveFunction, recursive
from ..statement.terms import NamedFunction, settle
from . import trees as g
from .grids import as_grid, is_grid
from .latex import ReadError
from .names import indices, label, spelled
from .supposed import Definition, Start, Supposed
from .uses import uses

if TYPE_CHECKING:
    from .draft import Draft
    from .values import Values


DEEPEST = 5  # levels that are written out, as in v_3 by v_2 by v_1


def gather(found: Supposed) -> None:
    """Join the definitions that make a recursion; set apart what an induction supposes."""
    for k, d in enumerate(found.definitions):
        found.definitions[k] = _composed(found, _backward(found, d))
    for rule in [d for d in found.definitions if d.start is None and _level(d) is not None]:
        place = _level(rule)
        assert place is not None
        others = [d for d in found.definitions if d is not rule and d.name == rule.name and not d.arguments]
        starts = [d for d in others if _differs_at(d, rule, place) and not _steps(d, rule, place)]
        starts = starts or _any_start(found, rule, plain=not others)
        if len(starts) != 1:
            continue  # the circle is refused where values are made
        _demand_beside(found, rule, starts[0], place)
        if starts[0] in found.definitions:
            found.definitions.remove(starts[0])
        joined = replace(rule, start=Start(place, starts[0]))
        found.definitions[found.definitions.index(rule)] = joined
        for d in [d for d in others if _steps(d, rule, place)]:
            found.definitions.remove(d)
            if found.hypothesis is not None:
                raise ReadError("Two hypotheses are supposed here: an induction has one.", d.name.at)
            found.hypothesis = (d.scripts, d.body)
    for d in found.definitions:  # η_t = η_0 γ^t: the η_0 is a letter
        if d.start is None and len(_letters(d)) == 1:
            numbers = [u.scripts for u in uses(d.body, {}) if u.name == d.name and _is_numbered(u.scripts)]
            found.letters += numbers


def _composed(found: Supposed, d: Definition) -> Definition:
    """a_l = σ(z_l) beside z_l = w_l a_{l-1} + b_l as a_l = σ(w_l a_{l-1} + b_l), which is a recursion."""
    for other in found.definitions if _level(d) is None and not d.arguments else ():
        same = label(other.scripts.below) == label(d.scripts.below) and not other.arguments
        merged = replace(d, body=_put(d.body, other)) if other.name != d.name and same else d
        if _level(other) is None and _level(merged) is not None:
            return merged
    return d


def _put(tree: Any, other: Definition) -> Any:
    """The tree with what a definition says for each use of its name at the same index."""
    if isinstance(tree, g.Product):  # a sign before it, so that no name before it is called
        factors = [(sign or "*" if f == other.scripts else sign, _put(f, other)) for sign, f in tree.factors]
        return g.Product((("", factors[0][1]), *factors[1:]), at=tree.at)
    if isinstance(tree, tuple):
        return tuple(_put(part, other) for part in tree)
    if tree == other.scripts:
        return g.Bracket("(", (other.body,), at=tree.at)
    if not isinstance(tree, g.Node):
        return tree
    return replace(tree, **{f.name: _put(getattr(tree, f.name), other) for f in fields(tree)})


def _ahead(d: Definition) -> g.Name | None:
    """The t of w_{t+1} = w_t + g_t; None if a definition names itself at no index that is one less."""
    below = indices(d.scripts.below)
    for place, piece in enumerate(below):
        letter = piece.terms[0][1] if isinstance(piece, g.Added) else None
        if isinstance(letter, g.Name) and _beside(piece, letter) == 1 and d.start is None and d.row is None:
            named = [indices(u.scripts.below) for u in uses(d.body, {}) if u.name == d.name]
            if not d.arguments and any(b[place : place + 1] == [letter] for b in named):
                return letter
    return None


def _backward(found: Supposed, d: Definition) -> Definition:
    """w_{t+1} = w_t + g_t as w_t = w_{t-1} + g_{t-1}; any other definition as it is."""
    letter = _ahead(d)
    if letter is None:
        return d
    moved = replace(d, scripts=_one_less(d.scripts, letter), body=_one_less(d.body, letter))
    for condition in found.restricted.pop(id(d.body), ()):
        left, right = condition.pieces
        if left != letter or not isinstance(right, g.Num):
            raise ReadError("Say for which indices the recursion holds as in “for $t \\ge 0$”.", condition.at)
        right = g.Num(str(int(right.text) + 1), at=right.at)
        found.restricted.setdefault(id(moved.body), []).append(replace(condition, pieces=(left, right)))
    return moved


def _one_less(tree: Any, letter: g.Name) -> Any:
    """The tree with letter - 1 for each letter; letter + 1 becomes the letter."""
    if isinstance(tree, tuple):
        return tuple(_one_less(part, letter) for part in tree)
    if isinstance(tree, g.Added) and _beside(tree, letter) == 1:
        return letter
    if tree == letter:
        return g.Added((("+", letter), ("-", g.Num("1"))), at=tree.at)
    if not isinstance(tree, g.Node):
        return tree
    return replace(tree, **{f.name: _one_less(getattr(tree, f.name), letter) for f in fields(tree)})


def _any_start(found: Supposed, rule: Definition, plain: bool) -> list[Definition]:
    """The start of w_{t+1} = w_t - g_t where a sentence says that w_0 is a number: it is this letter.

    Where no sentence says any start and the rule is for all t, w_0 is any number, too.
    """
    if len(indices(rule.scripts.below)) != 1 or rule.scripts.above is not None:
        return []
    real = [node for node, kind in found.domains if kind == "real"]
    said = [node for node in (*real, *(node for node, _ in found.shapes)) if isinstance(node, g.Scripts)]
    said = [node for node in said if node.base == rule.name and _is_numbered(node)]
    letter, whole = indices(rule.scripts.below)[0], [node for node, _ in found.shapes]
    named = [indices(u.scripts.below) for u in uses(rule.body, {}) if u.name == rule.name]
    sized = rule.name.bold or any(use.name == rule.name for node in whole for use in uses(node, {}))
    if not said and plain and not sized and all(one and _beside(one[0], letter) == -1 for one in named):
        said = [g.Scripts(rule.name, g.Num(_before_first(found, rule)), at=rule.name.at)]
        found.unsaid += said
    found.letters += said
    return [Definition(node, (), node) for node in said]


def _before_first(found: Supposed, rule: Definition) -> str:
    """The index before those for which a sentence says that a rule holds: 0 if none does."""
    for condition in found.restricted.get(id(rule.body), ()):
        first = condition.pieces[1]
        if isinstance(first, g.Num) and condition.signs[0] in ("ge", ">") and first.text.isdigit():
            return str(int(first.text) - (condition.signs[0] == "ge"))
    return "0"


def _letters(d: Definition) -> list[g.Name]:
    """The letters below a name that is defined for all their values."""
    below = indices(d.scripts.below)
    return [p for p in below if isinstance(p, g.Name) and p.word in g.INDEX_LETTERS]


def _is_numbered(scripts: g.Scripts) -> bool:
    below = indices(scripts.below)
    return len(below) == 1 and isinstance(below[0], g.Num) and scripts.above is None


def is_rule(d: Definition | None) -> bool:
    """Whether a definition names itself one step away."""
    return d is not None and (_level(d) is not None or _ahead(d) is not None)


def names_itself(found: Supposed) -> bool:
    """Whether the last definition of the sentences names itself one step away."""
    return bool(found.definitions) and is_rule(found.definitions[-1])


def from_zero(found: Supposed, place: Any, domains: int) -> None:
    """t ≥ 0 after a recursion says for which indices it holds, and nothing of a number t."""
    for name, kind in found.domains[domains:]:
        if kind in ("nonnegative", "positive") and isinstance(name, g.Name):
            sign = "ge" if kind == "nonnegative" else ">"
            found.conditions.append(g.Related((name, g.Num("0")), (sign,), at=name.at))
            found.domains.remove((name, kind))
            place.kind = "condition"


def _level(d: Definition) -> int | None:
    """The place of the index at which a definition names itself one step away; None if it does not."""
    own = indices(d.scripts.below)
    for use in uses(d.body, {}):
        pieces = indices(use.scripts.below)
        if (
            use.name != d.name
            or len(pieces) != len(own)
            or label(use.scripts.above) != label(d.scripts.above)
        ):
            continue
        for place, (mine, other) in enumerate(zip(own, pieces, strict=True)):
            if isinstance(mine, g.Name) and _beside(other, mine):
                return place
    return None


def _beside(node: g.Node, letter: g.Node) -> int:
    """-1 for letter - 1, 1 for letter + 1, else 0."""
    if not isinstance(node, g.Added) or len(node.terms) != 2:
        return 0
    (sign, first), (step, one) = node.terms
    if first == g.Num("1"):  # 1 + l
        first, one = one, first
    if sign != "+" or first != letter or one != g.Num("1"):
        return 0
    return 1 if step == "+" else -1 if node.terms[0][1] == first else 0


def _differs_at(d: Definition, rule: Definition, place: int) -> bool:
    """Whether `d` speaks of the same name with the same other indices, at another level."""
    own, other = indices(rule.scripts.below), indices(d.scripts.below)
    return len(own) == len(other) and own[place] != other[place] and all(
        a == b for k, (a, b) in enumerate(zip(own, other, strict=True)) if k != place
    )  # fmt: skip


def _steps(d: Definition, rule: Definition, place: int) -> bool:
    own, other = indices(rule.scripts.below), indices(d.scripts.below)
    letter = own[place]
    return len(own) == len(other) and isinstance(letter, g.Name) and bool(_beside(other[place], letter))


def _demand_beside(found: Supposed, rule: Definition, start: Definition, place: int) -> None:
    """Raises ReadError if the sentence lets the recursion begin elsewhere than beside its start."""
    for condition in found.restricted.get(id(rule.body), ()):
        (left, right), (sign,) = condition.pieces, condition.signs
        first = indices(start.scripts.below)[place]
        least = isinstance(first, g.Num) and isinstance(right, g.Num)
        fits = (
            (sign == "ge" and least and int(right.text) == int(first.text) + 1)  # type: ignore[attr-defined]
            or (sign == ">" and right == first)
            or (sign == "<" and right == first)
        )
        if left != indices(rule.scripts.below)[place] or not fits:
            raise ReadError(
                f"The recursion starts at {label(first)}, so it must hold for all indices after that.",
                condition.at,
            )


# ---- the function that a recursion defines


def make(names: Values, draft: Draft, start: Start, parameters: list[Symbol]) -> None:
    """Enter the function into the vocabulary; its own name is known while its rule is read."""
    definition = draft.definition
    assert definition is not None
    level = parameters[start.place]
    entry = names.formulas.letter() if draft.inner else None
    parameters = [*parameters, entry] if entry is not None else parameters
    others = [p for p in parameters if p is not level]
    first = names.read_with(others, indices(start.definition.scripts.below)[start.place])
    axes = [("axis", draft.key, k) for k in range(len(parameters))]
    what = f"An index of {spelled(draft.name)}"
    inner = [names.ends(axis, what) for axis in axes[len(axes) - draft.inner :]] if draft.inner else []
    outer = axes[: len(axes) - len(inner)]
    ranges = (*(None if names.is_open(axis) else names.ends(axis, what, False) for axis in outer), *inner)

    def rule(function: Any) -> Expr:
        names.vocabulary.add(draft.meaning(function, ranges))
        return _number(draft, names.read_with(parameters, definition.body), entry)

    function = recursive(
        draft.symbol_name,
        parameters,
        start=(level, first),
        base=_number(draft, names.read_with(others, start.definition.body), entry),
        rule=rule,
        latex=draft.latex_name,
    )
    names.vocabulary.add(draft.meaning(function, ranges))
    call = function(*parameters)
    names.definitions.append((call, function.rule))
    names.definitions.append((call.xreplace({level: function.start}), function.base))


def _number(draft: Draft, value: Any, entry: Symbol | None) -> Expr:
    """The number that a piece of a recursion is, or the entry of the vector."""
    if entry is not None and is_grid(value) and as_grid(value).columns in (S.One, None):
        return as_grid(value).entry(entry, S.One)
    if is_grid(value) or (entry is not None and value != 0):
        raise ReadError(f"Of {spelled(draft.name)} a recursion is read for its entries.", draft.name.at)
    return value


# ---- the hypothesis and the definitions that a line uses


def supposed(left: Expr, right: Expr) -> chain.Supposed:
    """What is supposed at a neighbouring level, as the statement at the level itself."""
    assert isinstance(left, RecursiveFunction)
    neighbour = settle(left.args[left.func.level])
    (index,) = neighbour.free_symbols
    here = {index: 2 * index - neighbour}  # t - 1 at t + 1 is t
    return chain.Supposed(
        settle(left.xreplace(here)),
        settle(right.xreplace(here)),
        index,
        neighbour,  # type: ignore[arg-type]
    )


def leans(value: Any) -> bool:
    """Whether a value names what a recursion defines, in the definitions of its functions too."""
    calls = value.atoms(NamedFunction, RecursiveFunction) if isinstance(value, Basic) else ()
    return any(isinstance(call, RecursiveFunction) or leans(call.func.body) for call in calls)


def unstarted(trees: Iterable[g.Node], missing: list[g.Scripts]) -> str:
    """A sentence if no sentence says where a recursion starts, and a row that is about it neither."""
    said = [use.scripts for tree in trees for use in uses(tree, {})]
    shown = next((label(start) for start in missing if start not in said), "")
    return shown and (
        "Nothing says where the recursion starts: say it in a line that begins with “Let”, as in "
        f"“Let ${shown} = 0$” or “Let ${shown}$ be a number”."
    )


def used(sides: Iterable[Any], free: Mapping[Symbol, tuple[Expr, Expr]]) -> tuple[Expr, ...]:
    """The applications whose definition a line uses: those that are not one step away from another one."""
    calls = sorted({c for side in sides for c in side.atoms(RecursiveFunction)}, key=str)
    near = {level for c in calls for level in _neighbours(c)}
    first = [
        c
        for c in calls
        if (c.func, expand(c.args[c.func.level])) not in near
        and is_certain(c.args[c.func.level] - c.func.start, free)
    ]
    return tuple(dict.fromkeys([*first, *(lower for c in first for lower in _down(c, calls))]))


def _down(call: RecursiveFunction, calls: list[Any]) -> Iterable[Any]:
    """At a level that is a number those below it, down to the start or to one that the line names itself."""
    f = call.func
    named = {c.args[f.level] for c in calls if c.func is f}
    distance = expand(call.args[f.level] - f.start)
    if not (distance.is_Integer and abs(distance) <= DEEPEST):
        return
    step = 1 if distance > 0 else -1
    for k in range(1, abs(int(distance)) + 1):
        level = settle(call.args[f.level] - k * step)
        if level in named:
            return
        yield f(*(level if place == f.level else a for place, a in enumerate(call.args)))


def where_it_runs(values: Iterable[Any], free: Mapping[Symbol, tuple[Expr, Expr]]) -> tuple[Basic, ...]:
    """That each application lies where its recursion runs: v_{t-2} in a row says that t is 2 at least."""
    found: dict[Basic, None] = {}
    for value in values:
        for call in value.atoms(RecursiveFunction) if isinstance(value, Basic) else ():
            at, start = settle(call.args[call.func.level]), call.func.start
            own = next(iter(call.func.rule.atoms(RecursiveFunction) & call.func.rule.atoms(call.func)), None)
            if own is None or not at.free_symbols <= value.free_symbols:
                continue
            ahead = expand(own.args[call.func.level] - call.func.parameters[call.func.level]) > 0
            distance = expand(start - at if ahead else at - start)
            for letter in distance.free_symbols & set(free):
                low, high = free[letter]
                distance = distance.subs(letter, low if distance.coeff(letter).is_positive else high)
            if not expand(distance).is_nonnegative:
                found[(Le if ahead else Ge)(at, start, evaluate=False)] = None
    return tuple(found)


def _neighbours(call: RecursiveFunction) -> set[tuple[Any, Expr]]:
    f, level = call.func, call.func.parameters[call.func.level]
    steps = {a.args[f.level] - level for a in f.rule.atoms(RecursiveFunction) if a.func is f}
    if expand(call.args[f.level] - f.start) == 0:
        return set()
    return {(f, expand(call.args[f.level] + step)) for step in steps}


def is_certain(distance: Expr, free: Mapping[Symbol, tuple[Expr, Expr]]) -> bool:
    """Whether a level is the start, or is seen not to be it, over the whole ranges of its letters."""
    least = most = expand(distance)
    for letter in sorted(least.free_symbols & set(free), key=str):
        low, high = free[letter]
        rising = least.coeff(letter).is_positive
        least = expand(least.subs(letter, low if rising else high))
        most = expand(most.subs(letter, high if rising else low))
    return bool(distance == 0 or least == most == 0 or least.is_positive or most.is_negative)
