"""Matrices of a kind, as rows of fractions: symmetric, with orthonormal columns, invertible."""

from __future__ import annotations

import random
from fractions import Fraction

Rows = list[list[Fraction]]


def _any(shape: tuple[int, int], rng: random.Random) -> Rows:
    return [
        [Fraction(rng.choice([0, 1, -1, 2, rng.randint(-9, 9)])) for _ in range(shape[1])]
        for _ in range(shape[0])
    ]


def symmetric(shape: tuple[int, int], rng: random.Random) -> Rows:
    rows = _any(shape, rng)
    return [[rows[i][j] + rows[j][i] for j in range(shape[0])] for i in range(shape[0])]


def orthogonal(shape: tuple[int, int], rng: random.Random) -> Rows:
    """Rotations by rational angles in random planes, and a signed permutation."""
    size, columns = shape
    if columns > size:
        raise ValueError("more orthonormal columns than rows")
    order = rng.sample(range(size), size)
    rows = [[Fraction(rng.choice([1, -1]) if order[i] == j else 0) for j in range(size)] for i in range(size)]
    for _ in range(rng.choice([0, 1, 3]) if size > 1 else 0):
        p, q = rng.sample(range(size), 2)
        cosine, sine = rng.choice([(Fraction(3, 5), Fraction(4, 5)), (Fraction(-5, 13), Fraction(12, 13))])
        one, other = rows[p], rows[q]
        rows[p] = [cosine * a - sine * b for a, b in zip(one, other, strict=True)]
        rows[q] = [sine * a + cosine * b for a, b in zip(one, other, strict=True)]
    return [row[:columns] for row in rows]


def invertible(shape: tuple[int, int], rng: random.Random) -> Rows:
    """Elementary steps from a diagonal matrix."""
    size = shape[0]
    rows = [[Fraction(rng.choice([1, -1, 2]) if i == j else 0) for j in range(size)] for i in range(size)]
    for _ in range(2 * size if size > 1 else 0):
        p, q = rng.sample(range(size), 2)
        step = rng.choice([1, -1, 2])
        rows[p] = [a + step * b for a, b in zip(rows[p], rows[q], strict=True)]
    return rows


TABLES = {"symmetric": symmetric, "orthogonal": orthogonal, "invertible": invertible}
