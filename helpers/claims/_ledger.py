"""`Ledger`: judges the claims and errata of one notebook by their file, shows them, stores them."""

from __future__ import annotations

import os
from pathlib import Path

from helpers.claims import _record as record
from helpers.claims._claim import Claim, ClaimFailed, settings_of, stored_claim
from helpers.claims._record import Erratum
from helpers.claims._rule import PENDING, UNTESTABLE
from helpers.claims._show import CLAIM_MIME, Evidence, Verdicts, claim_html, claim_text
from helpers.claims._spec import is_open, read_specs
from helpers.runtime import CourseError, display, profile, provenance, publishing


class Ledger:
    """The claims of the notebook `chapter` ("NN-topic"), measured on `data` (None for one that only derives).

    What is claimed, and by which rule it is judged, stands in book/claims/NN-topic.yaml. `full` is True where
    claims with `needs: full` are judged: full profile, and not on the embedded digits.
    """

    def __init__(self, chapter: str, data=None, root: str | Path | None = None) -> None:
        self.chapter, self.data = chapter, data
        book = record.course_of(root) / "book"
        self.path = book / "ledger" / f"{chapter}.json"
        self.specs = read_specs(book / "claims" / f"{chapter}.yaml")
        self.full = profile() == "full" and getattr(data, "tier", None) != "embedded"
        self.stored = record.read(self.path)
        self.claims: dict[str, dict] = {}
        self.errata: dict[str, Erratum] = {}

    def judge(self, id: str, measured=None) -> None:
        """Judge the claim `id` of the claims file by what was `measured`, and show it below the cell.

        `measured`  a number, a list (one value for each seed, draw or photograph), {setting: list}, or a
                    result of `helpers.proof` for the kind proved; nothing for what is pending or untestable
        Where a claim needs the full profile and this is not one, the stored measurement is judged instead.
        Raises ClaimFailed where the reading in the claims file was written for another verdict, and where
        a number that decides was changed after the measurement.
        """
        if id not in self.specs:
            raise CourseError(
                f"No claim {id!r} in book/claims/{self.chapter}.yaml: write it down there first."
            )
        spec, before = self.specs[id], self.stored["claims"].get(id)
        claim = self._claim(spec, measured, before)
        verdict = claim.verdict()
        told = spec.verdict or (UNTESTABLE if spec.kind == "untestable" else PENDING)
        if verdict != told and not (is_open(verdict) and is_open(told)):
            raise ClaimFailed(
                f"Claim {id} is {verdict} by what was measured, but its reading in {self.chapter}.yaml was "
                f"written for {told}: read the measurement again, and write what it says."
            )
        if self.full and before and _moved(claim, before):
            raise ClaimFailed(
                f"Claim {id}: a number that decides it was changed after the measurement. Put it back, or "
                "say in the field changed: what was changed and why; the page shows it."
            )
        self.claims[id] = claim.to_json() if self.full or before is None else before
        _show(self.claims[id])

    def _measured(self, spec, measured) -> Claim:
        """The claim by what was measured here, and nothing else."""
        if spec.kind == "untestable":
            return Claim(spec, {})
        if spec.kind == "proved":
            return Claim(spec, {}, measured.verdict.name if measured is not None else "")
        return Claim(spec, settings_of(measured, f"Claim {spec.id}") if measured is not None else {})

    def _claim(self, spec, measured, before: dict | None) -> Claim:
        where, here = f"Claim {spec.id}", self._measured(spec, measured)
        if self.full or spec.kind in ("untestable", "proved"):
            return here
        if spec.needs == "any" and here.verdict() != PENDING:
            return here
        if before is None and spec.verdict:
            raise CourseError(f"{where} has no stored record. {self._run_full()}")
        return stored_claim(spec, before) if before else Claim(spec, {})

    def _run_full(self) -> str:
        return f"To make it, run: COURSE_PROFILE=full make run NB={self.chapter}"

    def erratum(self, id: str) -> None:
        """Record and show the erratum `id` of the catalogue, checked now.

        It shows itself, in a loop, too: the reported line, its counterexample, and the right line. Raises
        ClaimFailed unless the first is REFUTED, by a counterexample, and the second PROVED.
        """
        from helpers.claims._proofs import catalogued, ruled

        if id in self.specs:
            raise CourseError(f"The id {id} is used twice: give the second one a suffix, such as {id}-2.")
        self.errata[id] = ruled(catalogued(id))
        display(self.errata[id])

    def verdicts(self) -> Verdicts:
        """Ids and verdicts only, as text: the same on every machine, profile and data tier."""
        return Verdicts(tuple(self.claims.values()), tuple(self.errata.values()))

    def table(self) -> Evidence:
        """The evidence: each claim with what was measured, and once for all of them where."""
        made = self._to_json() if self.full or "provenance" not in self.stored else self.stored
        return Evidence(tuple(self.claims.values()), conditions(made))

    def save(self) -> None:
        """Store the record, in the publisher's full run on full data only; elsewhere say so, and compare."""
        missing = [id for id in self.specs if id not in self.claims]
        if missing:
            raise CourseError(f"No cell judges {', '.join(missing)}: write ledger.judge({missing[0]!r}, …).")
        if self.full and publishing():
            record.write(self.path, self._to_json())
            counts = f"{len(self.claims)} claims and {len(self.errata)} errata"
            print(f"Stored {counts} in book/ledger/{self.path.name}.")
            return
        if not self.path.exists():
            print(f"No record yet. {self._run_full()}")
            return
        self._check_stored_errata()
        print(
            f"Kept book/ledger/{self.path.name} as stored: only a full `make run` on full data replaces it."
        )

    def _to_json(self) -> dict:
        data = self.data and {
            "name": self.data.name,
            "tier": self.data.tier,
            "summary": self.data.describe(),
            **{name: len(getattr(self.data, name)) for name in ("train", "valid", "test")},
        }
        return {
            "schema": record.SCHEMA,
            "chapter": self.chapter,
            "profile": profile(),
            "data": data,
            "provenance": provenance()
            | record.measured_on(self.path.parents[1] / "measured" / self.path.name),
            "claims": list(self.claims.values()),
            "errata": [erratum.to_json() for erratum in self.errata.values()],
        }

    def _check_stored_errata(self) -> None:
        stored = self.stored["errata"]
        if list(stored) != list(self.errata):
            changed = ", ".join(sorted(set(stored) ^ set(self.errata))) or "their order"
            raise CourseError(
                f"The stored record has other errata than the notebook ({changed}). {self._run_full()}"
            )
        for id, item in self.errata.items():
            if stored[id].words() != item.words():
                raise CourseError(f"The stored record of {id} has other words than the notebook.")


def conditions(made: dict) -> str:
    """Where a chapter's claims were measured: data, tier, device, versions, commit."""
    data, by = made["data"], made["provenance"]
    parts = [data["summary"] if data else "no data set: proofs only", f"{made['profile']} profile"]
    if data and data["tier"] not in data["summary"]:
        parts.insert(1, f"{data['tier']} tier")
    return " · ".join(
        parts + [f"{key} {by[key]}" for key in ("device", "torch", "sympy", "commit") if by.get(key)]
    )


def _moved(claim: Claim, before: dict) -> bool:
    """Was a deciding number changed while the measured values stayed, and is it not said why?"""
    if before["fixed"] == claim.spec.fixed or not before["measured"] or os.environ.get("COURSE_FRESH"):
        return False
    same = {e["setting"]: tuple(e["values"]) for e in before["measured"]} == dict(claim.settings)
    return same and claim.spec.changed in ("", before["changed"])


def _show(claim: dict) -> None:
    """The claim below its cell; the site and the tests read the JSON."""
    display({CLAIM_MIME: claim, "text/html": claim_html(claim), "text/plain": claim_text(claim)}, raw=True)
