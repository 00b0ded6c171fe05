"""`Witness`: a `Ledger` for a second machine. It judges what is measured here, and reads no other."""

from __future__ import annotations

from helpers.claims import _record as record
from helpers.claims._ledger import Ledger
from helpers.runtime import CourseError


class Witness(Ledger):
    """Takes the place of `Ledger` where a chapter's claims are measured anew (tools/verify_claims.py).

    Another verdict than the one that the reading was written for is what is looked for here, so it stops
    nothing. The record is written after each claim: cells after the last one need not run.
    """

    def judge(self, id: str, measured=None) -> None:
        """Judge the claim `id` by what was `measured`, in any profile; CourseError for an unknown id."""
        if id not in self.specs:
            raise CourseError(f"No claim {id!r} in book/claims/{self.chapter}.yaml.")
        self.claims[id] = self._measured(self.specs[id], measured).to_json()
        record.write(self.path, self._to_json())

    def save(self) -> None:
        """Nothing is left to store, and claims that were not asked for may be missing."""
