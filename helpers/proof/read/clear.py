"""What a text must say more clearly: functions or factors, powers or layers, layers or samples."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import trees as g
from .latex import ReadError
from .names import label, spelled
from .uses import Use

if TYPE_CHECKING:
    from .drafts import Drafts


LATIN = {"f", "g", "h"}
FUNCTIONS = {*LATIN, "sigma", "phi", "psi", "Phi", "Psi"}  # letters that are rarely a factor


def demand_no_call(drafts: Drafts, use: Use) -> None:
    inside = use.follows.items if use.follows else ()
    plain = len(inside) == 1 and isinstance(inside[0], (g.Name, g.Scripts))
    usual = use.name.word in FUNCTIONS and not use.name.accents and _always_called(drafts, use.name)
    usual = usual and not (use.name.word in LATIN and inside and _begins_with_a_number(inside[0]))
    if inside and (plain or usual) and use.scripts.below is None:
        shown = spelled(use.name)
        raise ReadError(
            f"Is {shown} a function of what stands in the brackets, or a factor? Say “Let ${shown}$ be a "
            f"differentiable function”, define it, or write {shown} \\cdot (…).",
            use.name.at,
        )


def demand_no_factor(drafts: Drafts) -> None:
    """After “Let f be a function” f(X) is no product; without a rule for f nothing is known of it."""
    named = [node for node in drafts.supposed.functions if isinstance(node, g.Name)]
    for use in drafts._all_uses() if named else ():
        found = drafts.find(use)
        if use.name in named and use.follows is not None and found is not None and not found.function:
            shown = spelled(use.name)
            raise ReadError(
                f"{shown} is a function, and nothing says which: define it, or say “Let ${shown}$ be a "
                "differentiable function”.",
                use.name.at,
            )


def _begins_with_a_number(inside: g.Node) -> bool:
    """Whether a bracket is one such as (1 - β), which often has a factor before it."""
    return isinstance(inside, g.Added) and isinstance(inside.terms[0][1], g.Num)


def _always_called(drafts: Drafts, name: g.Name) -> bool:
    return all(other.follows is not None for other in drafts._all_uses() if other.name == name)


def circle(names: list[str]) -> str:
    """What is wrong with definitions of which each needs another, or itself."""
    if len(names) > 1:
        return f"{' and '.join(names)} are each defined by the other: put one definition into the other."
    return (
        f"{names[0]} is defined by itself. A recursion over one step is read, with the place where it "
        "starts, as in “Let $h_0 = 0$ and $h_t = w h_{t-1}$ for $t \\ge 1$”; if two things are meant, give "
        "them two names."
    )


def demand_clear_digits(drafts: Drafts) -> None:
    """Beside a defined z^1 or z^2, an a^1 that nothing defines is no power but, likely, a layer: ask."""
    digits = [d for d in drafts.of.values() if d.definition and d.above_label.isdigit()]
    layered = [d for d in digits if not isinstance(d.definition.scripts.above, g.Bracket)]  # type: ignore[union-attr]
    for use in drafts._all_uses() if layered and not drafts.supposed.superscripts else ():
        known = drafts.find(use)
        if use.scripts.above == g.Num("1") and (known is None or not known.above_label):
            raise ReadError(
                f"Is the 1 above {spelled(use.name)} a power or a layer? Put layers into brackets, or begin "
                "with “Let superscripts be layers.”",
                use.name.at,
            )


def demand_one_kind_of_label(drafts: Drafts) -> None:
    """a^{(1)} and a^{[1]} in one text may be two things: a sample and a layer."""
    kinds: dict[tuple, str] = {}
    for use in drafts._all_uses():
        above = use.scripts.above
        if isinstance(above, g.Bracket):
            key = (use.name.word, use.name.accents, label(above))
            if kinds.setdefault(key, above.kind) != above.kind:
                shown = spelled(use.name)
                raise ReadError(
                    f"{shown} has the label {key[2]} in two kinds of brackets: use one.", above.at
                )
