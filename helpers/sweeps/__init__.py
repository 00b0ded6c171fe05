"""Many trainings as one vectorised run.

    config = TrainConfig(batch_size=60_000, epochs=1_000, epochs_per_check=50)
    members = grid(config, lr=(0.1, 0.5, 1.0), lam=(0.01, 0.5, 1.0))
    result = sweep(lambda seed: models.linear(784, 1), data, members)

A model that is one matrix product can share that product with others: the weights of all members lie side by
side in one matrix, and each step is two products for all of them together. Other networks of one shape are
stacked: each layer computes all of them at once.

    result = sweep(make_net, data, grid(config, build={"depth": (2, 4)}, lr=(0.01, 0.1), seed=range(5)))
    result.how                       # who was trained how, and why

`vectorise=False` trains the members one after the other with `training.fit`; both give the same, member by
member.

Reading order: `_members` (what is asked), `_result` (what comes back), `_sweep` (the way in). Linear models:
`_groups` (who can run together), `_batched` (the epochs and checks of a group), `_stack` (a step: the two
products), `_rotation` (features that never vary cost nothing). Networks: `_plan` (who is stacked, who is
not), `_lanes` (epochs and checks), `_network` (from modules to a stack), `_updates` (the optimisers). Several
workers: `_work` (threads and executors), `_hand` (how the data reach them), `_kept` (finished members).
"""

from helpers.sweeps._members import Member, grid, sklearn_C
from helpers.sweeps._result import SweepResult
from helpers.sweeps._sweep import sweep

__all__ = ["Member", "SweepResult", "grid", "sklearn_C", "sweep"]
