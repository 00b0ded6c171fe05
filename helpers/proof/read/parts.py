"""A text in parts: each line "Part: title" begins one, which has sentences of its own beside the common ones.

What stands before the first such line is said of every part. Each part is read as a text of its own, so a
letter may mean something else in the next; only the step of an induction is read together with its base.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from .latex import MAX_TEXT, ReadError
from .layout import HEAD, layout

MOST = 12


def parts(text: str) -> Iterator[str]:
    """The text of each part; a text without parts is one. A part called “Step …” goes on with the one before.

    What belongs to other parts is blanked out, so that a place in the text stays what it is. Raises ReadError
    for rows before the first part, and for too many parts.
    """
    heads = list(HEAD.finditer(text)) if len(text) <= MAX_TEXT else []
    heads = [head for head in heads if head.group(1) == "Part"]
    if not heads:
        yield text
        return
    if len(heads) > MOST:
        raise ReadError(
            f"The text has more than {MOST} parts; check it in smaller pieces.", heads[MOST].start()
        )
    common = text[: heads[0].start()]
    if layout(common).rows:
        raise ReadError("Rows stand before the first “Part:”: give them a part, too.", 0)
    starts = [h.start() for k, h in enumerate(heads) if not k or not h.group(2).startswith("Step")]
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        yield common + re.sub(r"[^\n]", " ", text[len(common) : start]) + text[start:end]
