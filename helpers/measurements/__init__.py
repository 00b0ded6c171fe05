"""What a chapter measures, run once and kept: `book/measured/NN-topic.json`, with arrays beside it.

    measured = Measurements("07-stochastic-gradient-descent", data)
    runs = measured("plain descent", train, seeds=range(5), lr=0.1)   # [train(0, lr=0.1), train(1, …), …]

In the full profile on full data a value that is kept is read, and one that is missing is computed and kept at
once, seed by seed. In the quick profile, and on the embedded digits, all is computed and nothing is kept.

Reading order: `_measurements` (the rule above), `_key` (what a value depends on), `_values` (as JSON and
arrays), `_store` (the files).
"""

from helpers.measurements._key import RESULTS
from helpers.measurements._measurements import Measurements

__all__ = ["RESULTS", "Measurements"]
