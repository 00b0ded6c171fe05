"""All pairs, topic by topic."""

from __future__ import annotations

from . import logistic, softmax

PAIRS = [*logistic.PAIRS, *softmax.PAIRS]
