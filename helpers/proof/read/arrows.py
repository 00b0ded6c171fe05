"""Arrows between formulas: w \\to w - \\eta g is an update, and x = 1 \\to y = 2 joins two equations.

An update says what is done, so its left side is no claim: the row begins with what w becomes.
"""

from __future__ import annotations

from .latex import Token

UPDATES = {"to", "leftarrow", "gets"}
LOOSE = {"&", "quad"}


def joins(read: list[Token], k: int) -> bool:
    """Whether the → at place `k` stands between two statements, as ⇒ does, or before one."""
    if not _is_arrow(read[k]) or read[k].text != "to" or _depth(read[:k]):
        return False
    left, right = _plain(read[:k]), _plain(read[k + 1 :])
    return (not left or _relates(left)) and _relates(right)


def without_updates(read: list[Token]) -> list[Token]:
    """A row without its left side where that is a name which becomes what stands on the right."""
    for k, token in enumerate(read):
        defines = token.kind == "command" and token.text == "coloneqq"
        colon = token.text == ":" and k + 1 < len(read) and read[k + 1].text == "="
        if not (_is_arrow(token) or defines or colon) or _depth(read[:k]):
            continue
        left, right = _plain(read[:k]), read[k + 1 + colon :]
        if not left or _relates(left) or any(t.text in (":", "lim") for t in left):
            return read
        if defines or colon:  # x := x - 1 is an update, y := x - 1 a definition
            return right if _holds(_plain(right), left) else read
        return right if token.text != "to" or _holds(_plain(right), left) else read
    return read


def _is_arrow(token: Token) -> bool:
    return token.kind == "command" and token.text in UPDATES


def _plain(read: list[Token]) -> list[Token]:
    return [t for t in read if t.text not in LOOSE]


def _relates(read: list[Token]) -> bool:
    return any(t.text in ("=", "le", "ge", "<", ">") and not _depth(read[:k]) for k, t in enumerate(read))


def _depth(read: list[Token]) -> int:
    return sum((t.text in "([{") - (t.text in ")]}") for t in read if t.kind == "sign")


def _holds(read: list[Token], name: list[Token]) -> bool:
    """Whether a name stands among tokens."""
    texts, wanted = [str(t) for t in read], [str(t) for t in name]
    return any(texts[k : k + len(wanted)] == wanted for k in range(len(texts)))
