"""The ledger: what was reported, what we measured, and a verdict by one rule that was fixed before the run.

A claim stands in `book/claims/NN-topic.yaml`: its words, its kind, the numbers that decide it. `Ledger.judge`
takes what was measured and works out the verdict; no notebook states one. Records are kept in
`book/ledger/NN-topic.json`, written only by a run in the full profile on the full data; elsewhere the stored
measurement of a claim that needs the full setting is judged again.

Reading order: `_intervals`, `_rule` (kind and values to a verdict), `_spec` (the claims file), `_claim`,
`_ledger`, `_record` (the stored file), `_show`, then `_witness` and `_verified` (another machine measures).
"""

from helpers.claims import _show as shown
from helpers.claims._claim import ClaimFailed, stored_claim
from helpers.claims._exercises import feedback
from helpers.claims._ledger import Ledger, conditions
from helpers.claims._number import MIME, number
from helpers.claims._record import Erratum, merged
from helpers.claims._record import write as write_record
from helpers.claims._rule import VERDICTS, Rule, find
from helpers.claims._seeds import seeds_needed
from helpers.claims._show import CLAIM_MIME
from helpers.claims._spec import read_specs
from helpers.claims._verified import agreement, append_rows, counts, read_rows, row_of
from helpers.claims._witness import Witness

__all__ = [
    "CLAIM_MIME",
    "MIME",
    "VERDICTS",
    "ClaimFailed",
    "Erratum",
    "Ledger",
    "Rule",
    "Witness",
    "agreement",
    "append_rows",
    "conditions",
    "counts",
    "feedback",
    "find",
    "merged",
    "number",
    "read_rows",
    "read_specs",
    "row_of",
    "seeds_needed",
    "shown",
    "stored_claim",
    "write_record",
]
