"""How a claim looks: verdict, words, number, interval drawing. Read from its record, here and on the site."""

from __future__ import annotations

import math
from dataclasses import dataclass
from html import escape

from helpers.claims._record import Erratum
from helpers.claims._spec import parse_id
from helpers.claims._words import inline, plain, powers

CLAIM_MIME = "application/vnd.show-your-work.claim+json"
CSS = {"consistent": "consistent", "refuted": "refuted", "depends": "depends", "undecided": "undecided",
       "pending": "pending", "not testable here": "untestable"}  # fmt: skip
OF = {"one_run": "one more run", "better": "the mean difference", "same": "the mean difference"}
PERCENT = {"fraction": " %", "points": " points"}  # stored as fractions, shown in hundredths
LEAST = 1e-300  # smaller ends are 0 to a reader
MOST = 6  # decimals; a finer number is shown to three digits


def badge(verdict: str) -> str:
    return f'<span class="syw-verdict syw-{CSS[verdict]}">{verdict}</span>'


def who(claim: dict) -> str:
    """A1-2e · reports C and D; HW4-1.1 · report E. Our own are expectations."""
    said = {claim["task"]: list(claim["reports"])}
    for task, report in map(parse_id, claim["also"]):
        said[task] = sorted({*said.get(task, ()), report})
    told = {
        task: f"report{'s' * (len(names) > 1)} {' and '.join(names)}" for task, names in said.items() if names
    }
    return "; ".join(f"{task} · {told.get(task, 'our own expectation')}" for task in said)


def number(value: float, half: float = 0.0) -> str:
    """To a fifth of the half width of its interval at least, to three digits without; a true minus sign."""
    return _to(value, _decimals(half))


def _decimals(half: float) -> int | None:
    """How many decimals the half width of an interval asks for; None where three digits do."""
    decimals = max(0, math.ceil(-math.log10(half / 2))) if half > 0 else MOST + 1
    return decimals if decimals <= MOST else None


def _to(value: float, decimals: int | None) -> str:
    if value == 0:
        return "0"
    if decimals is not None:
        text = f"{value:,.{decimals}f}"
        return (text if text.strip("-0.") else text.lstrip("-")).replace("-", "−")
    if value == int(value) and abs(value) < 1e15:
        return f"{int(value):,}".replace("-", "−")
    text = f"{value:,.0f}" if 1e3 <= abs(value) < 1e6 else powers(f"{value:.3g}")
    return text.replace("-", "−")


def scale(unit: str) -> tuple[float, str]:
    """(by what a stored value is multiplied, what is written behind it)."""
    first, _, rest = unit.partition(" ")
    word = first.rstrip(",")
    if word in PERCENT:
        return 100.0, PERCENT[word] + first[len(word) :] + (f" {rest}" if rest else "")
    return 1.0, f" {unit}" if unit else ""


def measurement(entry: dict, claim: dict) -> str:
    """25.8 epochs; one more run: 10 to 41 (95 %), n = 10 starts."""
    times, unit = scale(claim["unit"])
    name = f"{entry['setting']}: " if entry["setting"] else ""
    varied = f" ({claim['varied']})" if claim["varied"] else ""
    draws = entry["n"] // claim["groups"]
    if "share" in entry:
        alike = f"the same in all {draws} of {draws}{varied}"
        least = f"and so in at least {math.floor(100 * entry['share'])} % of all (95 %)"
        return f"{name}{number(times * entry['mean'])}{unit}; {alike}, {least}"
    if entry["low"] is None:
        return f"{name}{_each(entry['values'], times, unit)}"
    ends = [times * entry[end] for end in ("mean", "low", "high")]
    decimals = _telling(ends[1:], [times * end for end in claim["claimed"] if end is not None])
    mean, low, high = (_to(end, decimals) for end in ends)
    drawn = f" on {draws} draws" if claim["groups"] > 1 else ""
    of = OF.get(claim["kind"], "the mean")
    return f"{name}{mean}{unit}; {of}: {low} to {high} (95 %), n = {entry['n']}{drawn}{varied}"


def _telling(ends: list[float], claimed: list[float]) -> int | None:
    """Decimals for an interval's ends: more where an end would look like a claimed one that it is not."""
    decimals = _decimals((ends[1] - ends[0]) / 2)
    while decimals is not None and any(
        end != at and round(end, decimals) == round(at, decimals) for end in ends for at in claimed
    ):
        decimals = decimals + 1 if decimals < MOST else None
    return decimals


def _each(values: list[float], times: float, unit: str) -> str:
    """Values that are compared one by one: the smallest and the largest of them."""
    least, most = number(times * min(values)), number(times * max(values))
    count = f" ({len(values)} values)" if len(values) > 1 else ""
    return (least if least == most else f"{least} to {most}") + unit + count


def drawing(claim: dict) -> str:
    """All settings on one axis: runs as dots, the interval as a bar, what is claimed as a band or a mark."""
    entries = [e for e in claim["measured"] if e["low"] is not None or "share" in e]
    if not entries:
        return ""
    times, _ = scale(claim["unit"])
    bars = [e[k] for e in entries for k in ("low", "high") if e[k] is not None]
    ends = bars + [v for e in entries for v in e["values"]] + [e for e in claim["claimed"] if e is not None]
    least, most = min(ends), max(ends)
    if least == most:
        return ""

    def x(value: float) -> float:
        return round(8 + 224 * (value - least) / (most - least), 1)

    low, high = claim["claimed"]
    left, right = 0 if low is None else x(low), 240 if high is None else x(high)
    bottom = 16 * len(entries) + 4
    wide = max(2.0, round(right - left, 1))
    band = f'<rect class="syw-band" x="{left}" y="0" width="{wide}" height="{bottom}"/>'
    rows = "".join(_row(entry, 12 + 16 * k, x) for k, entry in enumerate(entries))
    text = "".join(
        f'<text x="{place}" y="{bottom + 12}" text-anchor="{anchor}">'
        f"{number(times * end, times * (most - least))}</text>"
        for place, anchor, end in ((8, "start", least), (232, "end", most))
    )
    told = "; ".join(measurement(e, claim) for e in entries)
    label = plain(f"{claim['id']}: {told}; claimed: {region(claim)}")
    box = f'viewBox="0 0 240 {bottom + 16}" width="240"'
    return (f'<svg class="syw-interval" role="img" aria-label="{escape(label)}" {box}>{band}{rows}'
            f'<path class="syw-axis" d="M8 {bottom}H232"/>{text}</svg>')  # fmt: skip


def _row(entry: dict, y: int, x) -> str:
    dots = "".join(f'<circle cx="{x(v)}" cy="{y}" r="2.4"/>' for v in sorted(set(entry["values"])))
    ends = () if entry["low"] is None else (x(entry["low"]), x(entry["high"]))
    bar = f'<path class="syw-bar" d="M{ends[0]} {y}H{ends[1]}"/>' if ends else ""
    return f'{bar}<path class="syw-mean" d="M{x(entry["mean"])} {y - 6}V{y + 6}"/>{dots}'


def region(claim: dict) -> str:
    """What is claimed, in numbers: 16 epochs; above 0.5; between 0.85 and 1.15."""
    times, unit = scale(claim["unit"])
    if claim["kind"] == "one_run":
        return powers(f"{times * claim['reported']:,.6g}").replace("-", "−") + unit
    # The end of "above 0" is the number next to 0, which a reader need not see.
    ends = (end if end is None or abs(end) > LEAST else 0.0 for end in claim["claimed"])
    low, high = (None if e is None else powers(f"{times * e:,.4g}").replace("-", "−") for e in ends)
    if low is not None and high is not None:
        return f"{low}{unit}" if low == high else f"{low} to {high}{unit}"
    return f"above {low}{unit}" if high is None else f"below {high}{unit}"


def claim_text(claim: dict) -> str:
    return f"{claim['id']}: {claim['verdict']}"


def evidence_html(claim: dict) -> str:
    """Number, interval and drawing, or why there is none."""
    if claim["missing"]:
        return f'<p class="syw-evidence">Missing: {inline(claim["missing"])}</p>'
    if claim["kind"] == "proved":
        return '<p class="syw-evidence">Judged by the checker.</p>'
    lines = [measurement(entry, claim) for entry in claim["measured"]] + [f"claimed: {region(claim)}"]
    held = (line.replace("n = ", "n\u00a0=\u00a0").replace(" %", "\u00a0%") for line in lines)
    return "".join(f'<p class="syw-evidence">{inline(line)}</p>' for line in held) + drawing(claim)


def reading_html(claim: dict) -> str:
    """What the measurement says about the claim, and why the number that decides is what it is."""
    reading = f'<p class="syw-reading">{inline(claim["reading"])}</p>' if claim["reading"] else ""
    why = f"Why this number: {inline(claim['why'])}. " if claim["why"] else ""
    changed = f"Changed after the measurement: {inline(claim['changed'])}." if claim["changed"] else ""
    note = f'<p class="syw-note">{why}{changed}</p>' if why or changed else ""
    return reading + note


def verdict_html(claim: dict) -> str:
    on = f' <span class="syw-note">on {inline(claim["on"])}</span>' if claim["on"] else ""
    return badge(claim["verdict"]) + on


def claim_html(claim: dict) -> str:
    """A claim in its chapter: verdict, who said it, what, the evidence, and what it says."""
    said = f'<span class="syw-who">{escape(who(claim))}:</span> {inline(claim["said"])}.'
    body = f"<p>{verdict_html(claim)} {said}</p>{evidence_html(claim)}{reading_html(claim)}"
    return f'<div class="syw-told" data-claim="{escape(claim["id"])}">{body}</div>'


@dataclass(frozen=True, repr=False)
class Verdicts:
    """Ids and verdicts, one a line."""

    claims: tuple[dict, ...]
    errata: tuple[Erratum, ...]

    def __repr__(self) -> str:
        lines = [(c["id"], c["verdict"]) for c in self.claims]
        lines += [(e.id, "refuted, correction proved") for e in self.errata]
        width = max((len(id) for id, _ in lines), default=0)
        return "\n".join(f"{id:{width}}  {verdict}" for id, verdict in lines) or "no claims"


@dataclass(frozen=True, repr=False)
class Evidence:
    """All claims of a chapter in a table, and folded below it where they were measured."""

    claims: tuple[dict, ...]
    made: str

    def __repr__(self) -> str:
        rows = [f"{c['id']}: {c['verdict']}; {plain(_told(c))}" for c in self.claims]
        return "\n".join([*rows, self.made])

    def _repr_html_(self) -> str:
        head = "".join(f'<th scope="col">{name}</th>' for name in ("Claim", "Measured", "Verdict"))
        body = "".join(
            f'<tr><th scope="row">{escape(c["id"])}</th><td>{inline(_told(c))}</td>'
            f"<td>{badge(c['verdict'])}</td></tr>"
            for c in self.claims
        )
        return (f'<table class="syw-ledger"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'
                f"<details><summary>Where this was measured</summary><p>{escape(self.made)}</p>"
                "</details>")  # fmt: skip


def _told(claim: dict) -> str:
    return " | ".join(measurement(entry, claim) for entry in claim["measured"]) or "–"
