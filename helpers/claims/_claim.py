"""A claim together with what was measured of it: judged, stored, and judged again from what is stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from helpers.claims._rule import CONSISTENT, PENDING, REFUTED, UNDECIDED, UNTESTABLE, Finding, find, together
from helpers.claims._spec import Spec, parse_id
from helpers.runtime import CourseError

STRICT = 0.99  # the level at which the page asks which verdicts would change


class ClaimFailed(CourseError):
    """A measurement disagrees with what the book says about it."""


def settings_of(given, where: str) -> dict[str, tuple[float, ...]]:
    """A number, a list (one for each unit) or {setting: list} as plain floats of ten digits, by setting."""
    if not isinstance(given, Mapping):
        given = {"": given}
    return {str(name): _floats(values, where) for name, values in given.items()}


def _floats(given, where: str) -> tuple[float, ...]:
    try:
        values = tuple(float(f"{float(v):.10g}") for v in (given if hasattr(given, "__len__") else [given]))
    except (TypeError, ValueError) as error:
        raise CourseError(
            f"{where}: measured must be a number or a list of numbers, not {given!r}."
        ) from error
    if not values:
        raise CourseError(f"{where}: measured is empty, give at least one value.")
    return values


@dataclass(frozen=True)
class Claim:
    """One claim: its `spec`, the values by setting (none: nothing measured), or what a proof said."""

    spec: Spec
    settings: Mapping[str, tuple[float, ...]]
    proof: str = ""

    @property
    def id(self) -> str:
        return self.spec.id

    def findings(self, level: float | None = None) -> dict[str, Finding]:
        """What each setting says. CourseError names the claim."""
        given = () if level is None else (level,)
        try:
            return {name: find(self.spec.rule, values, *given) for name, values in self.settings.items()}
        except CourseError as error:
            raise CourseError(f"Claim {self.id}: {error}") from None

    def verdict(self, level: float | None = None) -> str:
        if self.spec.kind == "untestable":
            return UNTESTABLE
        if self.spec.kind == "proved":
            return {"PROVED": CONSISTENT, "REFUTED": REFUTED, "": PENDING}.get(self.proof, UNDECIDED)
        if not self.settings or set(self.spec.settings) - set(self.settings):
            return PENDING
        return together([found.verdict for found in self.findings(level).values()])

    def to_json(self) -> dict:
        """All that the pages show, to ten digits; the interval is stored, so that no page needs SciPy."""
        spec, rule = self.spec, self.spec.rule
        task, reports = parse_id(spec.id)
        found = self.findings()
        claimed = [end if abs(end) < float("inf") else None for end in (rule.low, rule.high)]
        words = ("said", "kind", "missing", "reading", "why", "unit", "varied", "needs", "fixed", "changed")
        record = {"id": spec.id, "also": list(spec.also), "task": task, "reports": reports}
        record |= {"verdict": self.verdict(), "strict": self.verdict(STRICT), "on": spec.depends_on}
        record |= {name: getattr(spec, name) for name in words} | {"claimed": claimed, "groups": rule.groups}
        record["reported"] = spec.reported
        if spec.kind == "proved":
            record["proof"] = self.proof
        return record | {"measured": [_entry(n, self.settings[n], found[n]) for n in self.settings]}


def _entry(setting: str, values, found: Finding) -> dict:
    ends = {name: None if end is None else float(f"{end:.10g}")
            for name, end in (("mean", found.mean), ("low", found.low), ("high", found.high))}  # fmt: skip
    alike = {} if found.share is None else {"share": float(f"{found.share:.10g}")}
    entry = {"setting": setting, "verdict": found.verdict, "n": len(values), **ends, **alike}
    return entry | {"values": list(values)}


def stored_claim(spec: Spec, record: dict) -> Claim:
    """The claim of a record under the rule that stands in the claims file now."""
    settings = {entry["setting"]: tuple(entry["values"]) for entry in record["measured"]}
    return Claim(spec, settings, record.get("proof", ""))
