"""What a sweep is asked to train: a grid of settings, each with the strength of its L2 penalty."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from itertools import product
from typing import Any

from helpers.runtime import CourseError
from helpers.training import TrainConfig

CONVENTIONS = {"half": 1.0, "full": 2.0}  # the factor of λ w in the penalty's gradient


@dataclass(frozen=True)
class Member:
    """One training of a sweep. With C the mean loss of `config`, and biases never penalised, it minimises

    J = C + lam · ½‖w‖²   if `convention` is "half", as `training.l2` does (gradient ∇C + lam · w), or
    J = C + lam · ‖w‖²    if it is "full" (gradient ∇C + 2 lam · w).
    """

    config: TrainConfig
    lam: float = 0.0
    convention: str = "half"
    build: tuple[tuple[str, Hashable], ...] = ()  # keywords for make_model, such as (("depth", 3),)

    def __post_init__(self) -> None:
        _demand_convention(self.convention)
        if not self.lam >= 0:
            raise CourseError(f"A member has lam={self.lam!r}, but the strength of a penalty is at least 0.")

    @property
    def decay(self) -> float:
        """The factor of w in the gradient: lam ("half") or 2 lam ("full"); what `training.l2` is given."""
        return CONVENTIONS[self.convention] * self.lam

    def setting(self, name: str) -> Any:
        """The value of `lam`, `convention`, a field of `config` or of `build`; CourseError on others."""
        known = vars(self.config) | {"lam": self.lam, "convention": self.convention} | dict(self.build)
        if name not in known:
            raise CourseError(f"Unknown setting {name!r} of a member: use one of {', '.join(sorted(known))}.")
        return known[name]


def grid(
    base: TrainConfig,
    *,
    convention: str = "half",
    build: Mapping[str, Iterable[Any]] | None = None,
    **axes: Iterable[Any],
) -> list[Member]:
    """Every combination of the values of the axes, the last axis changing fastest.

    `grid(base, lr=(0.1, 1.0), lam=(0.0, 0.5), seed=range(5))` has 20 members. An axis is `lam` or a field of
    `TrainConfig`; all else is as in `base`. The axes of `build` are keywords of the function that makes the
    models: with `build={"depth": (2, 4)}` it is called as `make_model(seed, depth=2)`; they change slowest.
    CourseError on an unknown axis, and on one without values.
    """
    known = {field.name for field in fields(TrainConfig)} | {"lam"}
    shapes = {name: _listed(name, axis) for name, axis in (build or {}).items()}
    _demand_new(shapes, known | {"convention"})
    values = {name: _values(name, axis, known) for name, axis in axes.items()}
    members = []
    for shape in product(*shapes.values()):
        built = tuple(zip(shapes, shape, strict=True))
        for combination in product(*values.values()):
            settings = dict(zip(values, combination, strict=True))
            lam = settings.pop("lam", 0.0)
            members.append(Member(replace(base, **settings), lam, convention, built))
    return members


def sklearn_C(lam: float, n_samples: int, convention: str = "half") -> float:
    """The `C` with which scikit-learn's LogisticRegression has the same minimum as a member.

    It minimises ½‖w‖² + C Σₙ lossₙ. Divided by C n, which moves no minimum, that is (1/n) Σₙ lossₙ +
    1/(C n) · ½‖w‖²: the mean loss, and a penalty with the gradient w / (C n). So 1 / (C n) is our factor of
    w in the gradient, lam ("half") or 2 lam ("full"), and C = 1 / (factor · n). Neither penalises the bias.
    CourseError if lam = 0, where C would be infinite.
    """
    _demand_convention(convention)
    if not lam > 0 or n_samples < 1:
        raise CourseError(
            f"There is no C for lam={lam!r} and {n_samples} samples: scikit-learn needs lam > 0 (for lam = 0 "
            "fit it without a penalty) and at least one sample."
        )
    return 1 / (CONVENTIONS[convention] * lam * n_samples)


def _values(name: str, axis: Iterable[Any], known: set[str]) -> list[Any]:
    if name not in known:
        raise CourseError(
            f"Unknown axis {name!r} of a grid: use one of {', '.join(sorted(known))}, "
            f"or build={{{name!r}: …}} if it is a keyword of make_model."
        )
    return _listed(name, axis)


def _listed(name: str, axis: Iterable[Any]) -> list[Any]:
    if isinstance(axis, str) or not isinstance(axis, Iterable):
        raise CourseError(f"The axis {name} is {axis!r}: give a list of values, such as {name}=({axis!r},).")
    # NumPy's numbers become Python's, so that they print and compare as such.
    values = [value.item() if hasattr(value, "item") else value for value in axis]
    if not values:
        raise CourseError(f"The axis {name} of the grid has no values: leave it out, or give some.")
    return values


def _demand_new(shapes: Mapping[str, list[Any]], known: set[str]) -> None:
    for name, values in shapes.items():
        if name in known:
            raise CourseError(
                f"The axis {name} of build is a setting of the training: write {name}=… instead."
            )
        for value in values:
            if not isinstance(value, Hashable):
                raise CourseError(f"The axis {name} of build has the value {value!r}: make it a tuple.")


def _demand_convention(convention: str) -> None:
    if convention not in CONVENTIONS:
        raise CourseError(
            f"Unknown convention {convention!r}: use 'half' (lam · ½‖w‖²) or 'full' (lam · ‖w‖²)."
        )
