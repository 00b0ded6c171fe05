"""Numbers for the prose: what stands in a sentence comes out of a cell."""

from __future__ import annotations

from helpers.claims._words import powers
from helpers.runtime import display

MIME = "application/vnd.show-your-work.number+json"


def number(name: str, value, fmt: str = "") -> None:
    """Show `value`, formatted with `fmt`, as `name: text`; the prose has it at `<!--number:name-->`.

    `make run` writes the text of `number("accuracy", 0.98123, ".1%")` into each sentence that says
    `<!--number:accuracy-->98.1%<!--/number-->`; the marks are comments, so that a reader sees only 98.1%. The
    value goes through `float` first: NumPy's scalars print as `np.float64(0.98)`. Outside Jupyter nothing
    happens.
    """
    if hasattr(value, "detach"):  # PyTorch warns where a tensor that has a gradient becomes a number
        value = value.detach()
    text = value if isinstance(value, str) else powers(format(float(value), fmt))
    display({MIME: {"name": name, "text": text}, "text/plain": f"{name}: {text}"}, raw=True)
