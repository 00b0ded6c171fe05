"""LaTeX cut into tokens: layout and spacing dropped, own macros expanded, and the place of each token kept.

Nothing is executed, no file is opened. What changes only how a formula looks is dropped here; all else either
becomes a token or is refused in a sentence that names the place.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace

MAX_TEXT, MAX_TOKENS, MAX_EXPANSIONS, MAX_MACROS, MAX_DEPTH = 20_000, 6_000, 2_000, 100, 60


class ReadError(ValueError):
    """The text cannot be read as it stands: one sentence that says what is wrong and what to do.

    `at` is the place in the text where the trouble shows, or None.
    """

    def __init__(self, message: str, at: int | None = None) -> None:
        super().__init__(message)
        self.at = at


@dataclass(frozen=True, slots=True)
class Token:
    """kind: "letter", "number", "command", "sign", "text" (words inside \\text and its like) or "end"."""

    kind: str
    text: str
    at: int

    def __str__(self) -> str:
        return f"\\{self.text}" if self.kind == "command" else self.text


SPACING = {
    *",;:!> ",
    *("enspace", "enskip", "thinspace", "medspace", "thickspace", "negthinspace"),
    *("displaystyle", "textstyle", "scriptstyle", "scriptscriptstyle", "limits", "nolimits"),
    *("left", "right", "middle", "nonumber", "notag", "strut", "mathstrut", "allowbreak"),
    *("big", "Big", "bigg", "Bigg", "bigl", "Bigl", "biggl", "Biggl", "bigr", "Bigr", "biggr", "Biggr"),
    *("bigm", "Bigm", "noindent", "centering", "mathopen", "mathclose", "mathrel", "mathbin", "mathord"),
    *("therefore", "because", "blacksquare", "square", "Box", "qed", "qedsymbol", "checkmark", "qedhere"),
    *("mathinner", "rm", "bf", "it", "sf", "tt", "cal", "boldmath", "hline", "par", "smallskip", "medskip"),
}
WIDE = 2  # as much room as two of the spaces that stand between the parts of one formula
ROOM = {"~": 1, ";": 1, ":": 1, " ": 1, "enspace": 2, "enskip": 2}
DROPPED = {"label", "tag", "hspace", "vspace", "phantom", "hphantom", "vphantom", "color", "cite", "footnote"}
WORDS = {"text", "textrm", "textit", "textbf", "textsf", "texttt", "mbox", "hbox", "textnormal", "intertext"}
UPRIGHT = {
    "mathrm",
    "operatorname",
    "mathsf",
    "mathit",
    "mathtt",
    "operatorname*",
}  # a name of one or more letters
SAME = {  # different commands for one sign
    "leq": "le", "leqslant": "le", "geq": "ge", "geqslant": "ge", "neq": "ne", "{": "lbrace", "}": "rbrace",
    "vert": "|", "|": "Vert", "lbrack": "[",
    "rbrack": "]", "lparen": "(", "rparen": ")", "dfrac": "frac", "tfrac": "frac", "cfrac": "frac",
    "widehat": "hat", "widetilde": "tilde", "overline": "bar", "bm": "mathbf", "boldsymbol": "mathbf",
    "pmb": "mathbf", "mathbold": "mathbf", "symbf": "mathbf", "vec": "mathbf", "overrightarrow": "mathbf",
    "qquad": "quad", "hfill": "quad", "hfil": "quad",
    "lt": "<", "gt": ">", "colon": ":", "times": "times", "ast": "*", "star": "*", "bullet": "cdot",
    "circ": "odot", "bigodot": "odot", "intercal": "top", "rightarrow": "to", "longrightarrow": "to",
    "dots": "ldots",
    "cdots": "ldots", "dotsc": "ldots", "dotsb": "ldots", "implies": "Rightarrow", "iff": "Leftrightarrow",
    "Longrightarrow": "Rightarrow", "Longleftrightarrow": "Leftrightarrow",
    "varepsilon": "epsilon", "varphi": "phi", "vartheta": "theta", "varrho": "rho", "varsigma": "sigma",
    "overbrace": "underbrace", "textcolor": "textcolor", "coloneqq": "coloneqq", "triangleq": "coloneqq",
    "land": "wedge", "lnot": "neg", "mathds": "mathbb", "mathbbm": "mathbb", "mathscr": "mathcal",
    "R": "R", "nabla": "nabla", "grad": "nabla", "equiv": "coloneqq", "doteq": "coloneqq",
    "defeq": "coloneqq", "fbox": "boxed", "framebox": "boxed", "colorbox": "textcolor",
}  # fmt: skip
TYPED = {  # what a keyboard or a copied page has instead of a command
    "·": r"\cdot ", "⋅": r"\cdot ", "×": r"\times ", "∗": "*", "⊙": r"\odot ", "∘": r"\odot ", "−": "-",
    "–": "-",
    "—": "-", "‐": "-", "‑": "-", "÷": "/", "∕": "/", "′": "'", "’": "'", "″": "''", "≤": r"\le ",
    "≥": r"\ge ",
    "≠": r"\ne ", "→": r"\to ", "⇒": r"\Rightarrow ", "∈": r"\in ", "∂": r"\partial ", "∇": r"\nabla ",
    "∑": r"\sum ", "∏": r"\prod ", "√": r"\sqrt ", "∞": r"\infty ", "…": r"\ldots ", "⋯": r"\ldots ",
    "ℝ": r"\mathbb{R}", "𝔼": r"\mathbb{E}", "⊤": r"\top ", "ᵀ": r"^{\top}", "²": "^{2}", "³": "^{3}",
    "⁻¹": "^{-1}",
    "½": r"\frac{1}{2}", "¼": r"\frac{1}{4}", "‖": r"\Vert ", "∥": r"\Vert ", "∣": "|", "≈": r"\approx ",
    "∝": r"\propto ", "ℓ": r"\ell ", "µ": r"\mu ", "ŷ": r"\hat{y}", "x̂": r"\hat{x}", "₀": "_{0}",
    "₁": "_{1}",
    "₂": "_{2}", "₃": "_{3}", "ᵢ": "_{i}", "ⱼ": "_{j}", "ₖ": "_{k}", "ₙ": "_{n}",
}  # fmt: skip
GREEK = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ϵ": "epsilon", "ζ": "zeta",
    "η": "eta",
    "θ": "theta", "ϑ": "theta", "κ": "kappa", "λ": "lambda", "μ": "mu", "ν": "nu", "ξ": "xi", "π": "pi",
    "ρ": "rho", "σ": "sigma", "ς": "sigma", "τ": "tau", "φ": "phi", "ϕ": "phi", "χ": "chi", "ψ": "psi",
    "ω": "omega", "Γ": "Gamma", "Δ": "Delta", "Θ": "Theta", "Λ": "Lambda", "Ξ": "Xi", "Φ": "Phi", "Ψ": "Psi",
    "Ω": "Omega", "Σ": "Sigma", "Π": "Pi",
}  # fmt: skip
INVISIBLE = "\u00ad\u200b\u200c\u200d\u200e\u2060\ufeff"
SIGNS = set("<>:()[]*|")  # what a command may stand for, too
FORBIDDEN = {
    *("input", "include", "write", "openin", "openout", "read", "immediate", "csname", "catcode", "special"),
    *("usepackage", "documentclass", "loop", "expandafter", "edef", "xdef", "gdef", "let", "futurelet"),
}
PIECE = re.compile(
    r"(?P<comment>(?<!\\)%[^\n]*)|\\(?P<command>[A-Za-z]+\*?|.)|(?P<number>\d+(?:\.\d+)?|\.\d+)"
    r"|(?P<letter>[A-Za-z])|(?P<space>\s+|~)|(?P<sign>[-+*/=<>()\[\]{}|,.;:!?'^_&#@])",
    re.S,
)


def typed(text: str) -> str:
    """The text with typographic signs as commands, without invisible characters."""
    text = unicodedata.normalize("NFC", "".join(c for c in text if c not in INVISIBLE))
    text = re.sub(r"\\not\s*=", r"\\ne ", text)
    for sign, command in TYPED.items():
        if sign in text:
            text = text.replace(sign, command)
    text = "".join(
        f"\\{GREEK[c]} " if c in GREEK else " " if unicodedata.category(c) == "Zs" else c for c in text
    )
    return "".join(chr(ord(c) - 0xFEE0) if "！" <= c <= "～" else c for c in text)


def pieces(text: str) -> list[Token]:
    """The text as raw tokens, layout included. Raises ReadError for what no formula holds."""
    found, at = [], 0
    while at < len(text):
        match = PIECE.match(text, at)
        if match is None:
            raise ReadError(f"“{text[at]}” has no place in a formula.", at)
        kind = match.lastgroup or ""
        if kind != "comment":
            found.append(_token(kind, match.group(kind), at))
        at = match.end()
        if len(found) > MAX_TOKENS:
            raise ReadError(f"The text has more than {MAX_TOKENS:,} parts; check it in smaller pieces.", at)
    for token in found:
        if token.kind == "command" and token.text in FORBIDDEN:
            raise ReadError(f"\\{token.text} is not read: only formulas are, and nothing is run.", token.at)
    return found


def _token(kind: str, word: str, at: int) -> Token:
    if kind != "command":
        return Token(kind, word, at)
    word = SAME.get(word, word)
    return Token("sign" if word in SIGNS else "command", word, at)


@dataclass(frozen=True)
class Macro:
    """A macro of the text: how many arguments it takes, and what it stands for."""

    arguments: int
    body: tuple[Token, ...]


class Stream:
    """Tokens read from the left, with the groups that commands take as arguments."""

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens, self.place = tokens, 0

    def __bool__(self) -> bool:
        return self.place < len(self.tokens)

    def peek(self) -> Token | None:
        return self.tokens[self.place] if self else None

    def skip(self) -> None:
        while self and self.tokens[self.place].kind == "space":
            self.place += 1

    def next(self, wanted_by: Token) -> Token:
        if not self:
            raise ReadError(
                f"{wanted_by} stands at the end, and something is missing after it.", wanted_by.at
            )
        self.place += 1
        return self.tokens[self.place - 1]

    def argument(self, command: Token) -> list[Token]:
        """The group after a command, without its braces, or the single token there."""
        self.skip()
        first = self.next(command)
        if first.text != "{" or first.kind != "sign":
            return [first]
        return self.until("}", command)

    def option(self, command: Token) -> list[Token] | None:
        """What stands in square brackets after a command, if anything does."""
        self.skip()
        following = self.peek()
        if following is None or following.kind != "sign" or following.text != "[":
            return None
        self.place += 1
        return self.until("]", command)

    def until(self, close: str, command: Token) -> list[Token]:
        depth, start = 0, self.place
        while self:
            token = self.next(command)
            if token.kind != "sign":
                continue
            if token.text == close and depth == 0:
                return self.tokens[start : self.place - 1]
            depth += (token.text == "{") - (token.text == "}")
        raise ReadError(f"The “{'{' if close == '}' else '['}” after {command} is never closed.", command.at)


def tokens(text: str, macros: dict[str, Macro] | None = None) -> list[Token]:
    """The tokens of a formula, or of many rows of it, as the grammar wants them.

    `macros` are those defined before; what the text defines itself is added to them.
    Raises ReadError for text that is too long, unknown characters, and macros without end.
    """
    if len(text) > MAX_TEXT:
        raise ReadError(f"The text is longer than {MAX_TEXT:,} characters; check it in smaller pieces.")
    macros = {} if macros is None else macros
    raw = _without_macros(pieces(typed(text)), macros)
    return list(_clean(Stream(raw)))


def _without_macros(raw: list[Token], macros: dict[str, Macro]) -> list[Token]:
    """The tokens after every macro of the text is replaced by what it stands for."""
    out: list[Token] = []
    stream, expansions = Stream(raw), 0
    while stream:
        token = stream.next(stream.tokens[0])
        if token.kind != "command":
            out.append(token)
        elif token.text.rstrip("*") in (
            "newcommand",
            "renewcommand",
            "providecommand",
            "def",
            "DeclareMathOperator",
        ):
            _define(token, stream, macros)
        elif token.text in macros:
            expansions += 1
            macro = macros[token.text]
            given = [stream.argument(token) for _ in range(macro.arguments)]
            body = _filled(macro, given, token.at)
            if expansions > MAX_EXPANSIONS or len(stream.tokens) + len(body) > 2 * MAX_TOKENS:
                raise ReadError(f"The macro {token} has no end, or grows too long.", token.at)
            stream = Stream(body + stream.tokens[stream.place :])
        else:
            out.append(token)
        if len(out) > MAX_TOKENS:
            raise ReadError(
                f"The text has more than {MAX_TOKENS:,} parts; check it in smaller pieces.", token.at
            )
    return out


def _filled(macro: Macro, given: list[list[Token]], at: int) -> list[Token]:
    """The macro's body with its arguments, each in braces so that it stays one piece."""
    body: list[Token] = []
    waiting = iter(macro.body)
    for token in waiting:
        if token.kind == "sign" and token.text == "#":
            which = next(waiting, None)
            if which is None or not which.text.isdigit() or not 1 <= int(which.text) <= len(given):
                raise ReadError("The macro uses an argument that it does not declare.", at)
            body += [Token("sign", "{", at), *given[int(which.text) - 1], Token("sign", "}", at)]
        else:
            body.append(replace(token, at=at))
    return body


def _define(command: Token, stream: Stream, macros: dict[str, Macro]) -> None:
    if len(macros) >= MAX_MACROS:
        raise ReadError(f"The text defines more than {MAX_MACROS} macros.", command.at)
    name = [t for t in stream.argument(command) if t.kind == "command"]
    if len(name) != 1:
        raise ReadError(f"{command} must be followed by the one command that it defines.", command.at)
    if command.text.startswith("DeclareMathOperator"):
        word = "".join(t.text for t in stream.argument(command))
        body = [Token("command", "operatorname", command.at), Token("sign", "{", command.at)]
        body += [*pieces(word), Token("sign", "}", command.at)]
        macros[name[0].text] = Macro(0, tuple(body))
        return
    count = 0
    if command.text == "def":  # \def\x#1#2{...}
        while (following := stream.peek()) is not None and following.text == "#":
            stream.next(command)
            stream.next(command)
            count += 1
    elif (option := stream.option(command)) is not None:
        count = int(option[0].text) if option and option[0].text in set("123456789") else 0
    macros[name[0].text] = Macro(count, tuple(stream.argument(command)))


def _clean(stream: Stream) -> Iterator[Token]:
    """Without spacing and layout; words in \\text are one token; null brackets are marked."""
    spaces = 0
    while stream:
        token = stream.next(stream.tokens[0])
        if token.text in ROOM and (token.kind == "command" or token.text == "~"):  # a blank is no room
            spaces += ROOM[token.text]
            if spaces >= WIDE:  # two equations may stand side by side here
                spaces = 0
                yield Token("command", "quad", token.at)
        elif token.kind != "space":
            spaces = 0
        if token.kind != "command":
            if token.kind != "space":
                yield token
        elif token.text in ("left", "right"):
            yield from _delimiter(stream, token)
        elif token.text in SPACING:
            continue
        elif token.text == "\\":  # the end of a row, perhaps with extra room below it
            room = stream.tokens[stream.place : stream.place + 2]
            if len(room) == 2 and room[0].text == "[" and room[1].kind == "number":
                stream.option(token)
            yield token
        elif token.text in DROPPED:
            stream.option(token)
            stream.argument(token)
            if token.text == "hspace":
                yield Token("command", "quad", token.at)
        elif token.text == "textcolor":
            stream.argument(token)
        elif token.text in STACKED:
            yield from _stacked(stream, token)
        elif token.text == "boxed":
            yield from _boxed(stream, token)
        elif token.text in WORDS:
            yield Token("text", _words(stream, token), token.at)
        elif token.text in UPRIGHT:
            yield _upright(stream, token)
        else:
            yield token


STACKED = {"overset", "stackrel", "underset"}
RELATING = {"=", "<", ">", "le", "ge", "ne", "sim", "to"}
RELATING |= {"coloneqq", "approx", "Rightarrow", "Leftrightarrow"}


def _stacked(stream: Stream, command: Token) -> Iterator[Token]:
    """A relation without what stands above or below it; of an operator, what stands below is its index.

    With a “!” above it a relation is no claim: it says what shall hold, and is marked so.
    """
    mark, base = stream.argument(command), list(_clean(Stream(stream.argument(command))))
    if len(base) == 1 and base[0].text in RELATING:
        if [t.text for t in mark if t.kind != "space"] == ["!"] and base[0].text == "=":
            yield Token("command", "shall", command.at)
        yield base[0]
    elif command.text == "underset" and base:
        below = list(_clean(Stream(mark)))
        yield from [*base, Token("sign", "_", command.at)]
        yield from [Token("sign", "{", command.at), *below, Token("sign", "}", command.at)]
    else:
        raise ReadError(f"{command} is read over a relation only, as in {command}{{(a)}}{{=}}.", command.at)


def _boxed(stream: Stream, command: Token) -> Iterator[Token]:
    """What stands in a box: one piece, unless it is a relation."""
    inside = list(_clean(Stream(stream.argument(command))))
    if any(t.text in RELATING for t in inside):
        yield from inside
    else:
        yield from [Token("sign", "{", command.at), *inside, Token("sign", "}", command.at)]


def _words(stream: Stream, command: Token) -> str:
    """The words inside \\text{...}; maths inside them stays between dollar signs."""
    return "".join(map(str, stream.argument(command))).strip()


def _upright(stream: Stream, command: Token) -> Token:
    inside = stream.argument(command)
    if len(inside) == 1 and inside[0].kind in ("letter", "command"):
        return inside[0]
    return Token("text", "".join(t.text for t in inside if t.kind != "space"), command.at)


def _delimiter(stream: Stream, token: Token) -> Iterator[Token]:
    """What \\left and \\right say about the bracket after them: it is none, or a bar on one side."""
    stream.skip()
    delimiter = stream.peek()
    if delimiter is None:
        raise ReadError(f"{token} has no bracket after it.", token.at)
    if delimiter.text == "." and delimiter.kind == "sign":
        stream.next(token)
        yield Token("command", "leftnull" if token.text == "left" else "rightnull", token.at)
    elif delimiter.text in ("|", "Vert"):
        stream.next(token)
        side = "l" if token.text == "left" else "r"
        yield Token("command", side + ("vert" if delimiter.text == "|" else "Vert"), token.at)
