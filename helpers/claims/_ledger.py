"""`Ledger`: collects the claims and errata of one notebook, judges them, stores them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from helpers.claims import _record as record
from helpers.claims import _table as table
from helpers.claims._judge import Predicate, check_words, judge, judge_quick
from helpers.claims._measure import measure
from helpers.claims._record import Claim, Erratum
from helpers.runtime import CourseError, profile, provenance, publishing


class Ledger:
    """The claims of the notebook `chapter` ("NN-topic"), measured on `data` (None for one that only derives).

    `full` is True where claims with needs="full" are judged: full profile, and not on the embedded digits.
    """

    def __init__(self, chapter: str, data=None, root: str | Path | None = None) -> None:
        self.chapter, self.data = chapter, data
        self.path = record.path_of(chapter, root)
        self.full = profile() == "full" and getattr(data, "tier", None) != "embedded"
        self.stored = record.read(self.path)
        self.claims: dict[str, Claim] = {}
        self.errata: dict[str, Erratum] = {}

    def claim(
        self,
        id: str,
        *,
        said: str,
        verdict: str,
        because: str,
        measured=None,
        holds: Predicate | None = None,
        report: str | None = None,
        unit: str = "",
        seeds: Sequence[int] = (),
        needs: str = "any",
        quick: tuple[object, Predicate, str] | None = None,
        on: str | None = None,
        why: str | None = None,
    ) -> Claim:
        """Judge one reported statement; raises ClaimFailed where the measurement contradicts `verdict`.

        `said`      our words for what was reported; `because` one sentence that reads the measurement
        `measured`  a number, a list over seeds, or for "depends" {setting: list}
        `holds`     does the reported statement hold for this Measured (.mean, .low, .high, .values, .n)?
        `verdict`   "reproduced" (it holds), "refuted" (it does not), "depends" (in some settings; `on` says
                    on what), "not testable here" (`why`; nothing is measured)
        `needs`     "full": judged in the full profile on full data only; then `quick` = (measured, holds,
                    statement) is a weaker statement, in words, that is judged on every machine
        """
        words = Claim(id, said, verdict, because, needs, unit, on, why, seeds=tuple(map(int, seeds)))
        if quick is not None:
            words = replace(words, quick=quick[2])
        _check_report(id, report)
        check_words(words, measured, holds)
        self._check_id(words, self.claims)
        if quick is not None:
            judge_quick(id, *quick)
        if verdict == "not testable here":
            claim = words
        elif needs == "full" and not self.full:
            claim = self._stored_claim(words, holds)
        else:
            claim = judge(replace(words, measured=measure(measured, f"Claim {id}")), holds)
        self.claims[id] = claim
        return claim

    def erratum(
        self,
        id: str,
        *,
        where: str = "",
        said: str = "",
        refuted=None,
        corrected=None,
        lines=None,
        report: str | None = None,
    ) -> Erratum:
        """Record an error that the checker proves; the id alone takes a catalogued one and checks it now.

        `refuted`, `corrected`  Results of `helpers.proof.check` for the reported line and for the right one
        `lines`                 an object with the expressions `lhs`, `reported`, `corrected`, to be printed
        Raises ClaimFailed unless the first is REFUTED, by a counterexample, and the second PROVED.
        """
        from helpers.claims import _proofs

        _check_report(id, report)
        if refuted is None and corrected is None:
            lines, refuted, corrected = _proofs.catalogued(id)
            where, said = lines.where, lines.said
        _proofs.require(id, refuted, corrected)
        left, wrong, right = (getattr(lines, name, None) for name in ("lhs", "reported", "corrected"))
        results = _proofs.to_json(refuted, left, wrong), _proofs.to_json(corrected, left, right)
        erratum = Erratum(id, where, said, *results)
        self._check_id(erratum, self.errata)
        self.errata[id] = erratum
        return erratum

    def verdicts(self) -> table.Verdicts:
        """Ids and verdicts only, as text: the same on every machine, profile and data tier."""
        return table.Verdicts(tuple(self.claims.values()), tuple(self.errata.values()))

    def table(self) -> table.Evidence:
        """The evidence: each claim with what was measured, where, and whether judged here or stored."""
        tier = "no data" if self.data is None else f"{self.data.name}, {self.data.tier} tier"
        device = provenance()["device"]
        return table.Evidence(tuple(self.claims.values()), tier, device, self.stored)

    def save(self) -> None:
        """Store the record in the publisher's full run on full data; elsewhere say so, and compare the words.

        Raises CourseError where the stored record says something in other words than the notebook.
        """
        if self.full and publishing():
            record.write(self.path, self._to_json())
            counts = f"{len(self.claims)} claims and {len(self.errata)} errata"
            print(f"Stored {counts} in book/ledger/{self.path.name}.")
            return
        if not self.path.exists():
            print(f"No record yet. {self._run_full()}")
            return
        self._check_stored_words()
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
            "provenance": provenance(),
            "claims": [claim.to_json() for claim in self.claims.values()],
            "errata": [erratum.to_json() for erratum in self.errata.values()],
        }

    def _stored_claim(self, words: Claim, holds: Predicate) -> Claim:
        """The stored claim, its verdict judged once more on the stored values."""
        stored = self.stored["claims"].get(words.id)
        if stored is None or not stored.measured:
            raise CourseError(f"Claim {words.id} has no stored record. {self._run_full()}")
        judged = judge(replace(words, measured=stored.measured, seeds=stored.seeds), holds)
        return replace(judged, judged="stored")

    def _run_full(self) -> str:
        return f"To make it, run: COURSE_PROFILE=full make run NB={self.chapter}"

    def _check_id(self, new: Claim | Erratum, known: dict) -> None:
        other = self.errata if known is self.claims else self.claims
        before = known.get(new.id)
        if new.id in other or (before and before.words() != new.words()):
            raise CourseError(
                f"The id {new.id} is used twice: give the second one a suffix, such as {new.id}-2."
            )

    def _check_stored_words(self) -> None:
        for kind, here in (("claims", self.claims), ("errata", self.errata)):
            stored = self.stored[kind]
            if list(stored) != list(here):
                changed = ", ".join(sorted(set(stored) ^ set(here))) or "their order"
                raise CourseError(
                    f"The stored record has other {kind} than the notebook ({changed}). {self._run_full()}"
                )
            for id, item in here.items():
                old, new = stored[id].words(), item.words()
                if names := [name for name in new if old[name] != new[name]]:
                    raise CourseError(
                        f"The stored record of {id} has other words than the notebook ({', '.join(names)}): "
                        f"make them equal in {self.path.name}. {self._run_full()}"
                    )


def _check_report(id: str, report: str | None) -> None:
    _, named = record.parse_id(id)
    if report is not None and report != named:
        raise CourseError(f"{id} names report {named or 'book'!r}, not {report!r}: make the two agree.")
