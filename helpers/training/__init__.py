"""One training loop, its losses and penalties, early stopping, history, evaluation.

    config = TrainConfig(lr=0.05, batch_size=128, epochs=50, checks_per_epoch=5, patience=10)
    history = fit(model, data, config)
    evaluate(model, data.test)

Reading order: `_records` (what goes in and what comes out), `_schedules`, `_losses`, `_optimisers`,
`_evaluate`, `_fit`, `_four_equations` (the same by hand), `_checkpoint`, `_random`, `_threads`, `_features`
(of a frozen network, kept on disk), `_transfer` (parts of a transfer experiment).
"""

from helpers.training._evaluate import evaluate
from helpers.training._features import features
from helpers.training._fit import fit
from helpers.training._four_equations import fit_by_hand
from helpers.training._losses import accuracy, binary_cross_entropy, cross_entropy, l1, l2, log_loss
from helpers.training._records import Diverged, History, TrainConfig
from helpers.training._transfer import all_features, kept_check, own_part

__all__ = [
    "Diverged",
    "History",
    "TrainConfig",
    "accuracy",
    "all_features",
    "binary_cross_entropy",
    "cross_entropy",
    "evaluate",
    "features",
    "fit",
    "fit_by_hand",
    "kept_check",
    "l1",
    "l2",
    "log_loss",
    "own_part",
]
