"""All pairs, topic by topic."""

from __future__ import annotations

from . import (
    derivatives,
    habits,
    hypotheses,
    layouts,
    logistic,
    names,
    normalisation,
    refusals,
    sentences,
    softmax,
    sums,
    traps,
    vectors,
)

PAIRS = [
    *logistic.PAIRS,
    *softmax.PAIRS,
    *normalisation.PAIRS,
    *sums.PAIRS,
    *derivatives.PAIRS,
    *layouts.PAIRS,
    *vectors.PAIRS,
    *names.PAIRS,
    *traps.PAIRS,
    *hypotheses.PAIRS,
    *habits.PAIRS,
    *sentences.PAIRS,
    *refusals.PAIRS,
]
