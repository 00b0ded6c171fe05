"""The tokens of a row cut into statements, and these at their relations; words at the end are the reason."""

from __future__ import annotations

from collections.abc import Iterator

from . import arrows, only
from .latex import Token
from .rows import Row

OPEN = {"(", "[", "{", "lbrace", "lvert", "lVert", "leftnull", "langle", "lfloor", "lceil"}
CLOSE = {")", "]", "}", "rbrace", "rvert", "rVert", "rangle", "rfloor", "rceil"}
IMPLIES = ("Rightarrow", "Leftrightarrow")
JOINING = {"and", "also", "so", "hence", "thus", "with", "where", "therefore", "then"}


def add_rows(read: list[Token], because: str, rows: list[Row]) -> None:
    """The rows that these tokens are, appended to `rows`."""
    read, case = only.split(read)
    becomes = arrows.without_updates(read)
    first = len(rows)
    for statement, implied in _statements(becomes):
        before = len(rows)
        _row(statement, because, rows)
        for row in rows[before:]:
            row.update = len(becomes) < len(read) and before == first
            row.implied, row.equivalent, row.case = bool(implied), implied == "Leftrightarrow", case


def unwrapped(words: str) -> str:
    """A reason without brackets around the whole of it."""
    whole = words.startswith("(") and words.endswith(")") and "(" not in words[1:] and ")" not in words[:-1]
    return words[1:-1] if whole else words


def _statements(read: list[Token]) -> Iterator[tuple[list[Token], str]]:
    """The tokens cut at ⇒ and at room between two equations, and which arrow stands before each piece."""
    start, implied = 0, ""
    for k, token in enumerate(read):
        if (token.kind == "command" and token.text in IMPLIES) or arrows.joins(read, k):
            yield from ((piece, "" if n else implied) for n, piece in enumerate(_apart(read[start:k])))
            start, implied = k + 1, token.text
    yield from ((piece, "" if n else implied) for n, piece in enumerate(_apart(read[start:])))


def _apart(read: list[Token]) -> list[list[Token]]:
    """Equations side by side with room between them, as in f(x) = …, \\quad g(x) = …"""
    for k in _rooms(read):
        left, right = read[:k], read[k + 1 :]
        while left and (left[-1].text in (",", ";", ".", "quad") or _joins(left[-1])):
            left = left[:-1]
        while right and (right[0].text in (",", "quad") or _joins(right[0])):
            right = right[1:]
        if right and right[0].kind == "text" and read[k].text not in COMMAS:  # a reason, or a condition
            after = _after_words(right)
            if _is_equation(left) and _is_equation(after) and not GIVES_REASON & _words(right[0]):
                return [left, *_apart(after)]  # “or equivalently” stands between two equations
            return [left] if left and _is_reason(right[0]) else [read]
        if _is_equation(left) and _is_equation(right):
            return [left, *_apart(right)]
    return [read]


CONDITIONS = {"if", "for", "when", "where", "provided", "unless", "falls", "wenn", "für", "si", "with", "on"}


IF = "This row is said to hold only “{}”, which is not read: say it in a line that begins with “Let”."
GIVES_REASON = {"since", "because", "as", "by", "using", "use", "from", "note", "recall", *CONDITIONS}


def _words(token: Token) -> set[str]:
    return set(token.text.strip(" ,.(:").lower().split())


def _is_reason(token: Token) -> bool:
    """Whether words give a reason; a condition beside a row would be lost with them."""
    words = _words(token)
    return bool(words) and not CONDITIONS & words


def _after_words(read: list[Token]) -> list[Token]:
    """What stands after the words and the room that a piece begins with."""
    start = next((k for k, t in enumerate(read) if t.kind != "text" and t.text != "quad"), len(read))
    return read[start:]


def _rooms(read: list[Token]) -> Iterator[int]:
    """Where wide room or a comma stands outside of brackets, or a & that begins another pair of columns."""
    depth = 0
    for k, token in enumerate(read):
        depth += _opens(token)
        room = (token.kind == "command" and token.text == "quad") or token.text in COMMAS
        begins = room or (token.text == "&" and _between_columns(read, k))
        if depth == 0 and begins and not _beside_relation(read, k):
            yield k


def _beside_relation(read: list[Token], k: int) -> bool:
    """Whether the room at place `k` only sets off a relation, as in a \\quad = \\quad b."""
    before = next((p for p in range(k - 1, -1, -1) if read[p].text != "quad"), -1)
    after = next((p for p in range(k + 1, len(read)) if read[p].text != "quad"), -1)
    return any(p >= 0 and _relation(read, p) for p in (before, after))


def _between_columns(read: list[Token], k: int) -> bool:
    """Whether the & at place `k` stands neither at a relation nor at a sign that goes on with a formula."""
    beside = [p for p in (k - 1, k + 1) if 0 <= p < len(read)]
    return len(beside) == 2 and not any(_relation(read, p) or read[p].text in GOES_ON for p in beside)


COMMAS = {",", ";"}
GOES_ON = {"+", "-", "*", "/", "cdot", "times", "odot", "&", "(", "["}


def _joins(token: Token) -> bool:
    return token.kind == "text" and token.text.strip(" ,.").lower() in JOINING


def _is_equation(read: list[Token]) -> bool:
    """Whether tokens state that two formulas are equal; i = 1, …, n and i = k are a range and a condition."""
    if any(t.text == "ldots" for t in read):
        return False
    pieces, signs = _relations(_without_marks(read))
    short = len(pieces[0]) == 1 and pieces[0][0].kind == "letter" and len(pieces[-1]) == 1
    return bool(signs) and signs[0] == "=" and bool(pieces[0]) and not short


def _opens(token: Token) -> int:
    opens = token.text in OPEN or (token.kind == "command" and token.text == "begin")
    return opens - (token.text in CLOSE or (token.kind == "command" and token.text == "end"))


def _row(read: list[Token], because: str, rows: list[Row]) -> None:
    """One row from its tokens, appended to `rows`; one that begins with + or − goes on with the last."""
    read = _without_number(_without_marks(read))
    while read and read[-1].kind == "sign" and read[-1].text in ".,;":
        read.pop()
    if not read:
        return
    read, words = _trailing_words(read)
    because = because or words
    while words and read and read[-1].kind == "sign" and read[-1].text in ".,;":
        read.pop()
    if not read:
        if rows:
            rows[-1].because = rows[-1].because or because
        return
    pieces, signs = _relations(read)
    if not signs and pieces[0] and pieces[0][0].text in ("+", "-", "cdot", "times") and rows:
        rows[-1].sources[-1] += pieces[0]
        rows[-1].because = rows[-1].because or because
        return
    if len(pieces) > 1 and not pieces[-1]:  # the relation stands at the end of the row, and again in the next
        pieces.pop()
        signs.pop()
    pieces, signs = _without_and_so_on(pieces, signs)
    if signs and not pieces[0]:
        pieces = pieces[1:]
    shall = any(t.kind == "command" and t.text == "shall" for t in read)
    pieces = [[t for t in piece if t.text != "shall"] for piece in pieces]
    doubt = IF.format(words) if CONDITIONS & set(words.lower().split()[:1]) else ""
    rows.append(Row(pieces, signs, because, at=read[0].at, shall=shall, suspicion=doubt))


def _without_and_so_on(pieces: list[list[Token]], signs: list[str]) -> tuple[list[list[Token]], list[str]]:
    """a = … = b without the …: that a = b is what it claims."""
    for k in range(len(pieces) - 2, 0, -1):
        if [t.text for t in pieces[k]] == ["ldots"] and signs[k - 1 : k + 1] == ["=", "="]:
            pieces, signs = pieces[:k] + pieces[k + 1 :], signs[:k] + signs[k + 1 :]
    return pieces, signs


def _without_number(read: list[Token]) -> list[Token]:
    """Without the number of the row at its end, as in “\\quad (2)”, and without the room before it."""
    places = [k for k, t in enumerate(read) if t.kind == "command" and t.text == "quad"]
    last = [t.text for t in read[places[-1] + 1 :]] if places else []
    if len(last) == 3 and (last[0], last[2]) == ("(", ")") and last[1].replace(".", "").isdigit():
        read = read[: places[-1]]
    return [t for t in read if not (t.kind == "command" and t.text == "quad")]


def _without_marks(read: list[Token]) -> list[Token]:
    """Without the & that align columns; those of cases stay."""
    kept, depth = [], 0
    for token in read:
        depth += (token.kind == "command" and token.text == "begin") - (
            token.kind == "command" and token.text == "end"
        )
        if depth or not (token.kind == "sign" and token.text == "&"):
            kept.append(token)
    return kept


def _trailing_words(read: list[Token]) -> tuple[list[Token], str]:
    """Words at the end of a row are its reason."""
    words: list[str] = []
    while (read and read[-1].kind == "text" and len(read) > 1 and " " in read[-1].text.strip()) or (
        read and read[-1].kind == "text" and read[-1].text.startswith("(")
    ):
        words.insert(0, read.pop().text)
    return read, unwrapped(" ".join(words).strip())


def _relations(read: list[Token]) -> tuple[list[list[Token]], list[str]]:
    """The tokens cut at relations outside of brackets, and these relations."""
    pieces: list[list[Token]] = [[]]
    signs: list[str] = []
    depth = 0
    bars = 0
    k = 0
    while k < len(read):
        token = read[k]
        depth = max(0, depth + _opens(token))  # a bar with a place, \\rvert_{x = 0}, closes nothing
        after = read[k + 1].text if k + 1 < len(read) else ""
        at_a_place = after == "_" and bars % 2 == 0  # f(x)|_{x = 0}
        bars += token.kind == "sign" and token.text == "|" and not at_a_place
        relation = _relation(read, k) if depth == 0 and bars % 2 == 0 else None
        if relation is None:
            pieces[-1].append(token)
            k += 1
        else:
            sign, used = relation
            signs.append(sign)
            pieces.append([])
            k += used
    return pieces, signs


def _relation(read: list[Token], k: int) -> tuple[str, int] | None:
    token = read[k]
    after = read[k + 1].text if k + 1 < len(read) else ""
    if token.kind == "sign" and token.text == ":" and after == "=":
        return "=", 2
    if token.kind == "sign" and token.text in "=<>":
        return token.text, 1
    if token.kind == "command" and token.text in ("le", "ge", "coloneqq"):
        return {"le": "<=", "ge": ">=", "coloneqq": "="}[token.text], 1
    return None
