"""Numbers for the prose: what stands in a sentence comes out of a cell."""

from __future__ import annotations


def number(name: str, value, fmt: str = "") -> None:
    """Glue `value`, formatted with `fmt`, under `name`; the prose then says {glue:text}`name`.

    `number("accuracy", 0.98123, ".1%")` glues 98.1%. Without MyST-NB (another notebook host) nothing
    happens. The value goes through `float` first: NumPy's scalars print as `np.float64(0.98)`.
    """
    text = value if isinstance(value, str) else format(float(value), fmt)
    try:
        from myst_nb import glue
    except ImportError:
        return
    glue(name, text, display=False)
