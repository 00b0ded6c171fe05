"""Judge 2: values at points, straight from the definitions."""

from . import calculus, chances, matrices, recursions, scalars  # each enters its rules

__all__ = ["calculus", "chances", "matrices", "recursions", "scalars"]
