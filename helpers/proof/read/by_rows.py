"""Names that rows define: a row whose left side nothing introduces says what it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import trees as g
from .chance import operator_of
from .commands import FUNCTIONS
from .draft import deep_uses, without_minus
from .fits import STAR
from .latex import ReadError
from .lets import Definition
from .names import head_of, label
from .rows import Row
from .uses import Use, uses

if TYPE_CHECKING:
    from .drafts import Drafts

NO_NAMES = {"pi", "bold 1", "bold 0", "bb 1", "top", "bb E", "bb R", "|", "odot", "infty"}


def define_by_rows(drafts: Drafts) -> None:
    """A row whose left side is an unknown name defines it; or supposes it, if it names itself."""
    for place, row in enumerate(drafts.rows):
        skipped = row.continues or row.trouble or row.case or row.signs[:1] != ["="]
        if skipped or _is_used_before(drafts, row, place):
            continue
        left, body = without_minus(row.pieces[0], row.pieces[1])
        head = head_of(left)
        if head is None or drafts.find(Use(head[0].base, head[0], {})) is not None:  # type: ignore[arg-type]
            continue
        definition = Definition(*head, body, row)
        name = definition.name
        if _is_taken(drafts, definition) or _is_a_power(drafts, definition):
            continue
        if "prime" in name.accents and _is_function(
            drafts, name, head[0]
        ):  # f' of a known f is its derivative
            continue
        if (
            ((operator_of(name) or name.word in FUNCTIONS) and not _stands_alone(drafts, name))
            or name.word in NO_NAMES | {"e"}
            or (name.word == "delta" and head[0].above is None)
            or name.word in drafts.sizes | drafts.index_letters
        ):
            continue
        itself = [u for u in uses(row.pieces[1], {}) if u.name == name]
        if any(label(u.scripts) == label(head[0]) for u in itself):  # x = x + 1 is a claim
            continue
        row.role = "recursion" if row.step else "definition"
        if not itself:
            drafts.supposed.definitions.append(definition)
            drafts._define(definition)
            drafts._introduce_arguments(definition)
        else:
            row.role = "recursion"
            drafts._introduce(Use(name, head[0], {}))
        try:
            for use in deep_uses(row.pieces[1], drafts.parameters(row.pieces[1])):
                drafts._introduce(use)
        except ReadError as reason:
            row.trouble = str(reason)


def _is_used_before(drafts: Drafts, row: Row, place: int) -> bool:
    """Whether earlier rows name what stands on the left: then this row is a claim about it."""
    head = head_of(row.pieces[0])
    earlier = (piece for other in drafts.rows[:place] for piece in other.pieces)
    uses_before = (use for piece in earlier for use in deep_uses(piece, {}))
    return head is not None and any(
        use.name == head[0].base and label(use.scripts.above) == label(head[0].above) for use in uses_before
    )


def _is_a_power(drafts: Drafts, definition: Definition) -> bool:
    """Whether x^2 on the left of a row is the square of a known x, and no name."""
    above = definition.scripts.above
    if above in (None, STAR) or drafts._is_label(above):
        return False
    return any(use.name == definition.name and use.scripts.above != above for use in drafts._all_uses())


def _stands_alone(drafts: Drafts, name: g.Name) -> bool:
    """Whether a letter such as E is used without brackets, as in ∂E/∂w: then it is no expectation."""
    return any(use.name == name and use.follows is None for use in drafts._all_uses())


def _is_taken(drafts: Drafts, definition: Definition) -> bool:
    """Whether the name means something already: then a row defines it only for another layer, z^{(2)}."""
    name = definition.name
    same = [d for d in drafts.of.values() if (d.name.word, d.name.accents) == (name.word, name.accents)]
    known = [*same, *drafts.vocabulary.of(name)]
    labelled = definition.scripts.above is not None and all(m.above_label for m in known)
    return bool(known) and not labelled and definition.scripts.above != STAR


def _is_function(drafts: Drafts, name: g.Name, scripts: g.Scripts) -> bool:
    plain = g.Name(name.word, tuple(a for a in name.accents if a != "prime"))
    known = [drafts.find(Use(plain, g.Scripts(plain, below), {})) for below in (None, scripts.below)]
    return any(found is not None and found.function for found in known)
