"""The ledger: what was reported, what we measured, and a verdict that the measurement has to confirm.

A claim states the verdict that the book prints; where the measurement disagrees, the notebook fails. Records
are kept in `book/ledger/NN-topic.json`, written only by a run in the full profile on the full data;
elsewhere a claim that needs the full setting shows its stored verdict, and a weaker statement is judged.
"""

from helpers.claims._exercises import feedback
from helpers.claims._judge import ClaimFailed
from helpers.claims._ledger import Ledger
from helpers.claims._measure import Measured, interval
from helpers.claims._number import MIME, number
from helpers.claims._record import Claim, Erratum
from helpers.claims._rule import Rule, find
from helpers.claims._seeds import seeds_needed

__all__ = ["MIME", "Claim", "ClaimFailed", "Erratum", "Ledger", "Measured", "Rule", "feedback", "find", "interval", "number",
           "seeds_needed"]  # fmt: skip
