"""The package behind the course-book *Show Your Work*: fourteen small modules, in reading order.

Only what a chapter needs is imported, so a notebook that only derives never loads torch.

=============  =====================================================================================
`proof`        derivations: steps, verdicts, counterexamples, LaTeX (SymPy and mpmath only)
`notation`     the course's symbols and named functions as SymPy objects
`course`       what the book holds as text: derivations, exercises, errors of the reports, notation
`checking`     derivations that somebody hands in, judged line by line
`crosscheck`   a derived formula equals automatic differentiation
`runtime`      device, profile, seeded generators, timer, provenance
`data`         MNIST, CIFAR-10, pictures of your own: tensors on the device
`models`       functions that return small networks, and pretrained ones
`training`     one training loop, early stopping, history, evaluation
`sweeps`       many trainings as one vectorised run
`claims`       the ledger of what was reported and measured; feedback on exercises
`grade`        marks for notebooks, read as text and never run
`plots`        arrays and histories to axes
`live`         figures with sliders, whose formulas are the proved ones
=============  =====================================================================================
"""


def recall(id: str) -> object:
    """A derivation of the course that was shown before, by its id; see `helpers.cells.recall`."""
    from helpers.cells import recall as again

    return again(id)


def load_ipython_extension(shell: object) -> None:
    """`%load_ext helpers`: cells that begin with %%derivation are derivations."""
    from helpers.cells import register

    register(shell)
