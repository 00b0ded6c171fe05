"""The rows of a text: where formulas begin and end, what is a reason, what is prose.

A text is a title, sentences that begin with "Let", "Suppose" and the like, and rows of formulas: bare, or
inside align, equation, $$ ... $$, \\[ ... \\] and their like, with prose between them that is not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from . import phrases, prose
from .cutting import add_rows
from .latex import MAX_TEXT, Macro, ReadError, tokens
from .prose import LET, MATHS, SAYS, SUPPOSES_SO
from .rows import Row
from .splitting import split_rows
from .tidy import tidy, without_single_braces

DISPLAY = (
    "align|aligned|alignat|alignedat|flalign|split|gather|gathered|equation|eqnarray|multline|displaymath"
    "|math|eqalign"
)
BEGIN = re.compile(rf"\\begin\s*\{{(?:{DISPLAY})\*?\}}(?:\[[a-z]\]|\{{\d+\}})?")
END = re.compile(rf"\\end\s*\{{(?:{DISPLAY})\*?\}}")
BLOCK = re.compile(
    rf"\$\$.*?\$\$|(?<!\\)\\\[.*?(?<!\\)\\\]|\\begin\s*\{{((?:{DISPLAY})\*?)\}}.*?\\end\s*\{{\1\}}", re.S
)
TWINS = [(f"var{letter}", letter) for letter in ("epsilon", "phi", "theta", "rho", "sigma")]
MACRO = re.compile(r"^\s*\\(?:newcommand|renewcommand|providecommand|def|DeclareMathOperator)\b")
OTHER_CASE = (
    "A sentence before says that a case is meant, and it is not clear whether this row belongs to it: begin "
    "each case with “If $i = j$:”, right before its rows."
)
UNSEEN = re.compile(  # what a writer has taken out
    r"\\begin\{comment\}.{0,2000}?\\end\{comment\}|\\iffalse\b.{0,2000}?\\fi\b|<!--.{0,2000}?-->"
    r"|~~(?=\S).{0,300}?~~",
    re.S,
)
CASES = re.compile(r"(?:^|[.:;,]\s+)(?:and )?(?:for|if|when|case)\b[^$\n]{0,20}\$([^$]+)\$", re.I | re.M)
UNREAD_CASE = (
    "It may hold only under what “{}” says, which is not read: say it in a “Let” line, or as in "
    "“If $x > 0$, then $|x| = x$.”"
)
HEAD = re.compile(r"^[ \t]*(Part|Title):[ \t]*(.*?)[ \t]*$", re.M)


@dataclass
class Layout:
    """A text taken apart: nothing in it is understood yet."""

    title: str = ""
    lets: list[str] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    macros: dict[str, Macro] = field(default_factory=dict)
    asides: list[str] = field(default_factory=list)  # prose that may say something about names
    prose: list[str] = field(default_factory=list)
    seen: str = ""  # what sentences and rows have said so far, as it stands
    case: str = ""  # what the last sentence says the rows after it are for, such as i = j
    cases: bool = False  # whether any sentence does
    unread: str = ""  # what the last sentence supposes of the rows after it and is not read
    several: bool = False  # whether sentences tell several cases apart
    told: list[str] = field(default_factory=list)  # of the prose, what has formulas that nothing reads
    hedge: str = ""  # why no row is refuted after a sentence that says in words how far rows hold
    scopes: dict[str, list[int]] = field(
        default_factory=dict
    )  # of a sentence: its first row, and the one after
    local: list[int] = field(default_factory=list)  # the scope that the next sentence ends


def layout(text: str) -> Layout:
    """The parts of a text. Raises ReadError if a formula in it cannot be taken apart."""
    found = Layout()
    for one, other in TWINS:
        if re.search(rf"\\{one}\b", text) and re.search(rf"\\{other}\b", text):
            raise ReadError(
                f"\\{one} and \\{other} are read as one letter, and this text has both: rename one."
            )
    found.several = len({case[1] for case in CASES.finditer(text) if prose.INEQUALITY.search(case[1])}) > 1
    heading: str | None = None
    zeroed = False
    for kind, part in _parts(text):
        if kind == "macro":
            tokens(part, found.macros)
        elif kind == "Part":
            heading = part
        elif kind == "Title":
            found.title = found.title or part
        else:
            rows = _prose(part, found) if kind == "prose" else _rows(part, found)
            if rows and zeroed and kind != "prose":
                rows[0].zeroed = True
            zeroed = kind == "prose" and bool(prose.ZEROED.search(prose.MATHS.sub(" ", part)))
            for row in rows:
                row.case = row.case or found.case
                row.suspicion = row.suspicion or ("" if row.case or not found.cases else OTHER_CASE)
                row.suspicion = row.suspicion or found.hedge
                row.suspicion = row.suspicion or found.unread
            if rows and heading is not None:
                rows[0].heading, heading = heading, None
            found.rows += rows
    for number, row in enumerate(found.rows, 1):
        row.number = number
    return found


def _parts(text: str) -> Iterator[tuple[str, str]]:
    """The text as macros, prose and formulas, in order."""
    if len(text) > MAX_TEXT:
        raise ReadError(f"The text is longer than {MAX_TEXT:,} characters; check it in smaller pieces.")
    lines = _body(text.replace("\r\n", "\n")).split("\n")
    k = 0
    while k < len(lines):
        line = lines[k]
        if MACRO.match(line):
            yield "macro", line
            k += 1
        elif head := HEAD.match(line):
            yield head.group(1), head.group(2)
            k += 1
        elif _opens_display(line):
            block, k = _display(lines, k)
            yield "formula", block
        elif not line.strip():
            k += 1
        elif _is_prose(line):
            line, k = prose.joined(lines, k)
            yield "prose", line
        else:
            start = k
            while (
                k < len(lines)
                and lines[k].strip()
                and not _is_prose(lines[k])
                and not HEAD.match(lines[k])
                and not _opens_display(lines[k])
            ):
                k += 1
            yield "formula", "\n".join(lines[start:k])


def _body(text: str) -> str:
    """What a whole document says: its macros, and the text without the commands that only arrange it."""
    before, begun, after = text.partition(r"\begin{document}")
    if begun:
        macros = [line for line in before.split("\n") if MACRO.match(line)]
        text = "\n".join([*macros, after.partition(r"\end{document}")[0]])
    text = UNSEEN.sub("", re.sub(r"(?m)(?<!\\)%.*$", "", text))
    text = re.sub(
        r"\\(?:begin|end)\{(?:document|enumerate|itemize|proof|theorem|lemma|solution|center|quote)\*?\}",
        "",
        text,
    )
    text = re.sub(
        r"\\(?:section|subsection|subsubsection|paragraph|title|textbf|emph)\*?\{([^{}]*)\}", r"\1", text
    )
    text = re.sub(r"\\(?:maketitle|newpage|clearpage|noindent|item|tableofcontents)\b", "", text)
    return apart(phrases.arguments(prose.without_marks(text)))


def apart(text: str) -> str:
    """The text with displayed formulas on lines of their own, as in: Let $a > 0$. $$a + a = 2a$$"""
    return BLOCK.sub(_on_its_own, text)


NEAR = 300  # characters
NEXT = re.compile(r"[ \t]*(?:\$\$|(?<!\\)\\\[|\\begin\b)")  # another displayed formula on the same line


def _on_its_own(block: re.Match[str]) -> str:
    # What stands nearby is enough to see a sentence, and thousands of blocks on one line take no longer.
    before = block.string[max(0, block.start() - NEAR) : block.start()].rpartition("\n")[2]
    behind = block.string[block.end() : block.end() + NEAR].partition("\n")[0]
    starts, ends = ("\n" if _is_prose(words) and words.strip() else "" for words in (before, behind))
    ends = "\n" if NEXT.match(behind) else ends
    return starts + block[0] + ends


def _opens_display(line: str) -> bool:
    return bool(BEGIN.search(line)) or "$$" in line or r"\[" in line.replace(r"\\[", "")


def _display(lines: list[str], k: int) -> tuple[str, int]:
    """The block of formulas that begins in line `k`, and the line after it."""
    block = ""
    while k < len(lines):
        block += lines[k] + "\n"
        k += 1
        opened = len(BEGIN.findall(block)) - len(END.findall(block))
        plain = block.replace(r"\\[", "")
        if opened <= 0 and block.count("$$") % 2 == 0 and plain.count(r"\[") <= plain.count(r"\]"):
            return block, k
    raise ReadError(f"A block of formulas is begun and never ended: “{block.strip()[:30]}…”.")


WORD = re.compile(r"[A-Za-zÀ-ÿ]{3,}")
LABEL = re.compile(r"(?:[^$\\=<>&+]*[A-Za-z][^$\\=<>&+]*:|\s*(?:So|Or|By|As)[,.]?)\s*$")  # “dL/db:”, “So”


def _is_prose(line: str) -> bool:
    """A sentence rather than a formula: a Let line, or several words in a row outside of formulas."""
    if LET.match(line) or prose.is_claim(line) or prose.joins(line):
        return True
    if LABEL.match(line):
        return True
    beside = prose.MATHS.sub(" ", line)
    if prose.FOREIGN.search(beside) or (
        "$" in line and WORD.search(beside) and not re.search(r"[\\_^=&<>≤≥]", beside)
    ):
        return True
    outside = re.sub(r"\$[^$]*\$|\\\([^)]*\\\)|\\[a-zA-Z]+\s*(\{[^{}]*\})*|[{}&\\]", " ", line)
    words = WORD.findall(outside.split("&&")[0])
    known = {"log", "exp", "tanh", "max", "min", "Var", "Cov"}
    formulas = MATHS.sub(" ", line) if "$$" not in line else line
    if not re.search(r"[\\_^=&<>≤≥]", formulas) and any(w not in known for w in words):
        return True
    return len([w for w in words if w not in known]) >= 2 and "&" not in line


def _prose(line: str, found: Layout) -> list[Row]:
    """Enter what the sentences of a line suppose and tell; the rows that they claim."""
    rows: list[Row] = []
    for claim in _said(line, found):
        made = _rows(claim.source, found)
        for row in made:
            row.told, row.shall, row.case = True, row.shall or claim.shall, row.case or claim.case
            if claim.only:
                row.trouble = f"This is said to hold only “{claim.only}”: it is not read in a sentence."
        rows += made
    return rows


def _said(line: str, found: Layout) -> list[prose.Claim]:
    """What the sentences of a line claim; what they suppose and tell is entered."""
    claimed: list[prose.Claim] = []
    found.case, found.unread, closed = "", "", False
    pieces = [*prose.sentences(line), ""]
    for sentence, after in pairwise(pieces):
        here = len(found.rows) + len(claimed)
        _end_local(sentence, found, here)
        if closed and sentence[:1].isupper() and not prose.CLAIM.match(sentence):
            found.case, closed = "", False
        if case := prose.case(sentence, after, found.several):
            found.case, sentence = case
            found.cases, closed = True, bool(sentence)
            found.seen += sentence
            sentence = f"Then {sentence.lstrip(' ,:')}" if sentence else ""
            if not sentence:
                continue
        if LET.match(sentence):
            found.lets.append(sentence)
            found.seen += sentence
            continue
        claimed += _told(sentence, found, here)
    return claimed


def _end_local(sentence: str, found: Layout, here: int) -> None:
    """Enter for which rows a sentence is meant that supposes; “For $x > 0$” is so until the next sentence."""
    if found.local and not (prose.CLAIM.match(sentence) or prose.BESIDE_ROWS.match(sentence)):
        found.local.append(here)
        found.local = []
    if prose.ENDS.search(sentence):
        for scope in found.scopes.values():
            scope[1:] = [min([*scope[1:], here])]
    if (LET.match(sentence) and prose.FROM_HERE.match(sentence)) or (
        not LET.match(sentence) and prose.supposes(sentence)
    ):
        scope = found.scopes.setdefault(sentence, [here])
        found.local = scope if prose.LOCAL.match(sentence) else []


def _told(sentence: str, found: Layout, here: int) -> list[prose.Claim]:
    """The claims of a sentence that does not begin as one that supposes; what else it says is entered."""
    formulas = "$" in sentence and not prose.is_goal(sentence)
    names = formulas and (prose.supposes(sentence) or prose.names(sentence, found.seen))
    claims, asides = prose.claims(sentence, found.seen) if formulas and not names else ([], [])
    for claim in claims:
        claim.case = claim.case or found.case
        found.cases = found.cases or bool(claim.case)
    if SUPPOSES_SO.search(prose.MATHS.sub(" ", sentence)) and not any(claim.case for claim in claims):
        found.unread = UNREAD_CASE.format(sentence.strip()[:80])
    reasons = bool(claims) or (bool(asides) and prose.gives_reason(sentence))
    found.asides += asides if reasons else []
    for aside in asides if claims else ():  # “We have $|x| = x$ with $x > 0$”
        if aside.startswith("with"):
            found.scopes.setdefault(aside, [here, here + len(claims)])
    if not prose.ZEROED.search(
        prose.MATHS.sub(" ", sentence)
    ):  # that makes equations of rows: see `equations`
        found.hedge = found.hedge or prose.hedge(sentence)
    if formulas and not reasons:
        found.seen += sentence
        (found.asides if names or SAYS.search(sentence) else found.told).append(sentence)
    elif "$" in sentence and not formulas and prose.RESTRICTS.search(sentence):
        found.told.append(sentence)
    elif prose.SUPERSCRIPTS.search(sentence):
        found.asides.append(sentence)
    if not found.title and not (found.rows or claims or found.lets or found.asides):
        found.title = sentence.rstrip(".:").lstrip("#").strip()
    else:
        found.prose.append(sentence)
    return claims


def _rows(block: str, found: Layout) -> list[Row]:
    found.seen += block
    block = tidy(re.sub(r"(?<!\\)\\\[|(?<!\\)\\\]", " ", block.replace("$$", " ")))
    for pattern in (BEGIN, END):
        block = pattern.sub(" ", block)
    block = ARRAY.sub(r"\1", block)
    block = INTERTEXT.sub(lambda words: _between(words[1], found), block)
    block = re.sub(r"(?<!\\)\$", " ", block) if "&&" not in block else block
    if re.search(r"\\eqalign\s*\{", block):
        block = re.sub(r"\\eqalign\s*\{(.*)\}", r"\1", block, flags=re.S)
    rows: list[Row] = []
    for piece, because in split_rows(block):
        read = without_single_braces(tokens(piece, found.macros))
        if read:
            add_rows(read, because, rows)
        elif because and rows and not rows[-1].because:
            rows[-1].because = because
    return rows


ARRAY = re.compile(  # the whole block, and not the cases of a value
    r"\s*\\begin\{array\}\s*(?:\[[tcb]\])?\s*\{[^{}]*\}((?:(?!\\begin\{array\}).)*)\\end\{array\}\s*\Z", re.S
)
INTERTEXT = re.compile(r"\\(?:short)?intertext\s*\{((?:[^{}]|\{[^{}]*\})*)\}")


def _between(words: str, found: Layout) -> str:
    """Words between two rows part them; what they claim is a row between the two."""
    return r"\\ ".join(["", *(claim.source for claim in _said(words, found)), ""]) or r"\\ "
