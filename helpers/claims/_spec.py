"""Claims as they are written down, before anything is measured: `book/claims/NN-topic.yaml`.

Each entry of the list has an id, what is `said`, its `kind` with the numbers that it needs, the `unit`, `why`
these numbers, how many `seeds` and what `varied`, and the `verdict` that its `reading` was written for.

A file that breaks the schema is refused with its name, the line, and what to do.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from dataclasses import dataclass
from pathlib import Path

from helpers.claims._rule import KINDS, PENDING, UNTESTABLE, VERDICTS, Rule
from helpers.runtime import CourseError

ID = re.compile(r"([A-Z]+\d-[\w.]+)/([A-E]+|book)(-[\w-]+)?")
NUMBERS = {  # kind: (the numbers that it needs, those that it may have)
    "one_run": ({"reported", "tells_apart"}, {"printed_to", "images"}),
    "above": ({"than"}, set()),
    "below": ({"than"}, set()),
    "between": ({"low", "high"}, set()),
    "better": ({"by"}, set()),
    "same": ({"within"}, set()),
    "exact": (set(), {"equals", "within", "above", "below"}),
    "proved": (set(), set()),
    "untestable": (set(), set()),
}
WORDS = {
    "id",
    "said",
    "kind",
    "unit",
    "why",
    "varied",
    "needs",
    "verdict",
    "reading",
    "missing",
    "depends_on",
    "also",
}
DESIGN = {"seeds", "groups", "possible", "of", "changed", "settings"}
FIXED = ("id", "kind", "unit", "seeds", "groups", "possible", "of", "needs", "settings", *sorted(
    set().union(*(need | may for need, may in NUMBERS.values()))))  # fmt: skip


@dataclass(frozen=True)
class Spec:
    """One claim as written: words, rule, and `fixed`, the hash of what must not move after the run."""

    id: str
    said: str
    kind: str
    rule: Rule
    fixed: str
    unit: str = ""
    why: str = ""
    varied: str = ""
    needs: str = "any"
    verdict: str = ""
    reading: str = ""
    missing: str = ""
    depends_on: str = ""
    also: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    changed: str = ""
    reported: float | None = None


def parse_id(id: str) -> tuple[str, str]:
    """("A1-2d", "C") of "A1-2d/C", ("A1-2e", "CD") of "A1-2e/CD"; no report for our own "A1-2d/book"."""
    match = ID.fullmatch(id)
    if not match:
        raise CourseError(
            f"{id!r} is not a claim's id: write the task, a slash and the report, such as 'A1-2d/C'."
        )
    return match[1], "" if match[2] == "book" else match[2]


def read_specs(path: Path) -> dict[str, Spec]:
    """The claims of a file by id; none if there is no file. CourseError names file and line."""
    if not path.exists():
        return {}
    import yaml

    try:
        root = yaml.compose(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        where = getattr(error, "problem_mark", None)
        line = f", line {where.line + 1}" if where else ""
        raise CourseError(f"{path.name}{line} is no YAML: {getattr(error, 'problem', error)}.") from None
    specs: dict[str, Spec] = {}
    for node in root.value if root is not None else []:
        where = f"{path.name}, line {node.start_mark.line + 1}"
        entry = yaml.SafeLoader("").construct_document(node)
        try:
            spec = spec_of(entry)
        except CourseError as error:
            raise CourseError(f"{where}: {error}") from None
        for id in (spec.id, *spec.also):
            if any(id in (s.id, *s.also) for s in specs.values()):
                raise CourseError(f"{where}: the id {id} is used twice, give one of the two a suffix.")
        specs[spec.id] = spec
    return specs


def spec_of(entry: dict) -> Spec:
    """A claim from its mapping; CourseError says which field is wrong and what to write."""
    if not isinstance(entry, dict):
        raise CourseError(f"a claim is a list of fields that begins with '- id:', not {entry!r}.")
    for rule, sentence in _broken(entry):
        if rule:
            raise CourseError(sentence)
    parse_id(entry["id"])
    for id in entry.get("also", []):
        parse_id(id)
    words = {name: entry.get(name, "") for name in WORDS - {"also"}} | {"needs": entry.get("needs", "any")}
    words = {name: str(value) for name, value in words.items()}
    also, settings = (tuple(entry.get(name, [])) for name in ("also", "settings"))
    return Spec(**words, rule=_rule(entry), fixed=_hash(entry), also=also, settings=settings,
                changed=str(entry.get("changed", "")), reported=entry.get("reported"))  # fmt: skip


def _broken(entry: dict):
    """(is it broken?, what is wrong and what to do), in an order in which each may rely on those before."""
    kind = entry.get("kind")
    for name in ("id", "said", "kind"):
        yield not entry.get(name), f"the field {name!r} is missing."
    yield kind not in KINDS, f"kind is one of {', '.join(KINDS)}, not {kind!r}."
    need, may = NUMBERS[kind]
    for name in sorted(set(entry) - WORDS - DESIGN - need - may):
        allowed = ", ".join(sorted(WORDS | DESIGN | need | may))
        yield True, f"the kind {kind} has no field {name!r}; it has {allowed}."
    for name in sorted(need):
        yield name not in entry, f"the kind {kind} needs the number {name!r}."
    for name in sorted((need | may | {"seeds", "groups"}) & set(entry)):
        yield not _number(entry[name]), f"{name} is a number, not {entry[name]!r}."
    yield entry.get("needs", "any") not in ("full", "any"), "needs is 'full' or 'any'."
    verdict = entry.get("verdict", "")
    yield verdict and verdict not in VERDICTS, f"verdict is one of {', '.join(VERDICTS)}, not {verdict!r}."
    yield bool(verdict) != bool(entry.get("reading")), "verdict and reading go together: one reads the other."
    yield (
        (kind == "untestable") != bool(entry.get("missing")),
        ("missing says what the report leaves out; it goes with the kind untestable, and only with it."),
    )
    yield (
        kind == "exact" and len({"equals", "above", "below"} & set(entry)) != 1,
        ("the kind exact needs one of equals, above and below."),
    )
    varies = kind not in ("exact", "proved", "untestable")
    yield varies and not entry.get("why"), f"why= is missing: why this number for the kind {kind}?"
    yield varies and entry.get("seeds", 0) < 2, "seeds is how many runs were designed, two or more."
    yield varies and not entry.get("varied"), "varied says what differs from value to value, such as 'start'."
    yield (
        (verdict == "depends") != bool(entry.get("depends_on")),
        ("depends_on says on what the answer depends; it goes with the verdict depends, and only with it."),
    )
    yield entry.get("of", "mean") not in ("mean", "proportion"), "of is 'mean' or 'proportion'."


def _number(value) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def _rule(entry: dict) -> Rule:
    low, high = _claimed(entry)
    possible = entry.get("possible", (-math.inf, math.inf))
    return Rule(
        entry["kind"],
        low=low,
        high=high,
        tells_apart=entry.get("tells_apart", math.inf),
        images=entry.get("images", 0),
        seeds=entry.get("seeds", 1),
        groups=entry.get("groups", 1),
        possible=tuple(possible),
        of=entry.get("of", "mean"),
    )


def _claimed(entry: dict) -> tuple[float, float]:
    """From where to where the claim says that the quantity lies."""
    kind, inf = entry["kind"], math.inf
    if kind == "one_run":
        half = entry.get("printed_to", 0) / 2
        return entry["reported"] - half, entry["reported"] + half
    if kind == "exact" and "equals" in entry:
        within = entry.get("within", 0)
        return entry["equals"] - within, entry["equals"] + within
    if kind == "exact":  # every value is compared, so that the end itself must be left out
        above, below = entry.get("above"), entry.get("below")
        return (
            -inf if above is None else math.nextafter(above, inf),
            inf if below is None else math.nextafter(below, -inf),
        )
    ends = {
        "above": (entry.get("than"), inf),
        "below": (-inf, entry.get("than")),
        "between": (entry.get("low"), entry.get("high")),
        "better": (entry.get("by"), inf),
        "same": (-entry.get("within", 0), entry.get("within", 0)),
    }
    return ends.get(kind, (-inf, inf))


def _hash(entry: dict) -> str:
    """Sixteen digits that change with anything that decides the verdict, and with no word of the reading."""
    fixed = {name: entry[name] for name in FIXED if name in entry}
    text = json.dumps(fixed, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def is_open(verdict: str) -> bool:
    """Nothing was judged: there is no reading to keep in step."""
    return verdict in (PENDING, UNTESTABLE)
