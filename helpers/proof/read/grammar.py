"""The grammar of formulas: tokens into a tree of signs and names, before anything is known about the names.

Whether `a(b)` is a product or a value, `z^2` a power or a layer, is decided later, by the vocabulary. The
grammar decides about brackets, fractions, scripts, and which sign binds more tightly: a sum's body reaches to
the next + or −, ⊙ binds less tightly than a product without a sign.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from . import environments, scripts
from .arranging import (
    acting,
    acts_on_what_follows,
    indexed_calls,
    inline_derivatives,
    without_idle_braces,
)
from .commands import (
    ACCENTS,
    CLOSES,
    FUNCTIONS,
    OPENS,
    OPERATORS,
    RELATION_COMMANDS,
    RELATIONS,
    STYLES,
    TYPED_OUT,
    UNREAD,
)
from .latex import MAX_DEPTH, ReadError, Token
from .trees import (
    LETTERS,
    Added,
    Bracket,
    Frac,
    Listed,
    Name,
    Node,
    Num,
    Related,
    Root,
    Scripts,
    Sign,
    Words,
)


class Parser:
    """Reads one formula. `place` runs over the tokens; a method reads the piece that it is named after."""

    def __init__(self, tokens: list[Token], words: Collection[str] = ()) -> None:
        self.words = sorted(words, key=len, reverse=True)  # names of several letters, longest first
        self.tokens, self.place, self.depth = without_idle_braces(tokens), 0, 0
        self.scripts_open = 0  # inside how many scripts the parser stands
        self.close: list[str] = []  # the closing brackets that are awaited, the innermost last

    # ---- tokens
    def peek(self, ahead: int = 0) -> Token | None:
        place = self.place + ahead
        return self.tokens[place] if place < len(self.tokens) else None

    def at(self) -> int:
        token = self.peek() or (self.tokens[-1] if self.tokens else None)
        return token.at if token else 0

    def take(self, *texts: str) -> Token | None:
        """The next token if it is a sign or command among `texts`."""
        token = self.peek()
        if token is None or token.kind not in ("sign", "command") or token.text not in texts:
            return None
        self.place += 1
        return token

    def demand(self, text: str, opened: Token) -> None:
        if self.take(text) is None:
            found = self.peek()
            what = f"“{found}” stands where it should be closed" if found else "it is never closed"
            raise ReadError(f"The bracket “{opened}” needs its “{_shown(text)}”: {what}.", opened.at)

    # ---- relations and sums
    def whole(self) -> Node:
        """A formula that uses up all tokens; a relation inside it is kept."""
        tree = self.listed()
        if (token := self.peek()) is not None:
            raise _misplaced(token)
        return tree

    def listed(self) -> Node:
        """Pieces with commas between them."""
        items = [self.related()]
        while (sign := self.take(",", ";") or self.bar_between()) is not None:
            if sign.text in ("|", "mid", "Vert"):
                items.append(Name("|", at=sign.at))
            items.append(self.related())
        return items[0] if len(items) == 1 else Listed(tuple(items), at=items[0].at)

    def bar_between(self) -> Token | None:
        """The | of P(y | x)."""
        return self.take("|", "mid", "Vert") if self.close[-1:] == [")"] else None

    def related(self) -> Node:
        pieces, signs = [self.added()], []
        while (sign := self.relation()) is not None:
            signs.append(sign)
            pieces.append(self.added())
        return pieces[0] if not signs else Related(tuple(pieces), tuple(signs), at=pieces[0].at)

    def relation(self) -> str | None:
        token = self.peek()
        if token is None:
            return None
        if token.kind == "sign" and token.text == ":" and (after := self.peek(1)) and after.text == "=":
            self.place += 2
            return "="
        if (token.kind == "sign" and token.text in RELATIONS) or (
            token.kind == "command" and token.text in RELATION_COMMANDS
        ):
            self.place += 1
            return "=" if token.text == "coloneqq" else token.text
        return None

    def added(self) -> Node:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise ReadError(
                f"The formula is nested more than {MAX_DEPTH} levels deep; simplify it.", self.at()
            )
        at, terms = self.at(), []
        sign = self.take("+", "-")
        terms.append((sign.text if sign else "+", self.product()))
        while (sign := self.take("+", "-")) is not None:
            terms.append((sign.text, self.product()))
        self.depth -= 1
        return terms[0][1] if len(terms) == 1 and terms[0][0] == "+" else Added(tuple(terms), at=at)

    # ---- products
    def product(self) -> Node:
        at, factors, sign = self.at(), [], ""
        while True:
            if sign and self.take("-"):  # a · −b
                factors.append((sign, Added((("-", self.factor()),), at=at)))
            elif self.starts_factor():
                factors.append((sign, self.factor()))
            elif factors and not sign and acts_on_what_follows(factors[-1][1]) and self.take("-"):
                factors.append(("", Added((("-", self.product()),), at=at)))  # Σ −a
            elif sign or not factors:
                raise self.missing(sign)
            else:
                break
            taken = self.take("*", "/", "cdot", "times", "odot", "div") or self.dot_between()
            sign = (
                {"cdot": ".", "times": "*", "div": "/", ".": "*"}.get(taken.text, taken.text) if taken else ""
            )
        product = self.arranged(factors, at)
        return environments.at_a_place(self, product) if self.bar_with_place() else product

    def arranged(self, factors: list[tuple[str, Node]], at: int) -> Node:
        """The factors as one node: what belongs together in them is put together."""
        return acting(inline_derivatives(indexed_calls(factors)), at)

    def dot_between(self) -> Token | None:
        """The dot of p_j.p_i, without room around it; one with room after it ends a sentence."""
        dot, before, after = self.peek(), self.peek(-1), self.peek(1)
        if dot is None or before is None or after is None or (dot.kind, dot.text) != ("sign", "."):
            return None
        close = before.at + len(str(before)) == dot.at and dot.at + 1 == after.at
        self.place += close
        if close and not self.starts_factor():
            self.place -= 1
            return None
        return dot if close else None

    def bar_with_place(self) -> bool:
        """Whether a bar follows that says where: f(x)|_{x = 0}."""
        token, after = self.peek(), self.peek(1)
        bar = token is not None and token.text in ("|", "rvert") and self.close[-1:] not in (["|"], ["rvert"])
        return bar and after is not None and after.text == "_"

    def missing(self, sign: str) -> ReadError:
        token = self.peek()
        before = f" after “{self.tokens[self.place - 1]}”" if self.place else ""
        if token is not None and token.kind == "command" and token.text in UNREAD:
            return ReadError(f"{UNREAD[token.text].capitalize()} is not read here.", token.at)
        what = f"“{token}” stands there" if token else "the formula ends there"
        return ReadError(f"A term is missing{before}: {what}.", token.at if token else self.at())

    def starts_factor(self) -> bool:
        token = self.peek()
        if token is None or token.kind == "text":
            return token is not None
        if token.kind in ("letter", "number"):
            return True
        if token.kind == "sign":
            return token.text in "([{" or (
                token.text == "|" and not self.bar_with_place() and self.opens_bar()
            )
        if token.text in ("Vert", "lvert", "lVert", "leftnull", "lbrace", "langle"):
            return token.text != "Vert" or self.opens_bar("Vert")
        return token.text in (
            LETTERS
            | OPERATORS
            | ACCENTS
            | STYLES.keys()
            | {"mathbf", "frac", "sqrt", "underbrace", "substack", "begin", "over"}
        ) - {"ldots", "over"}

    def opens_bar(self, bar: str = "|") -> bool:
        """Whether a | or ‖ opens: not if one is to be closed, or none follows in the same bracket."""
        if self.close[-1:] == [bar]:
            return False
        depth, ahead = 0, 1
        while (token := self.peek(ahead)) is not None and depth >= 0:
            if token.text == bar and depth == 0:
                return True
            depth += (token.text in OPENS) - (
                token.text in CLOSES.values() and token.text not in ("|", "Vert")
            )
            ahead += 1
        return False

    def factor(self) -> Node:
        node = scripts.scripts(self, self.atom())
        while (mark := self.take("!")) is not None:
            node = scripts.scripts(self, scripts.factorial(self, node, mark))
        return node

    # ---- atoms
    def atom(self) -> Node:
        token = self.peek()
        assert token is not None
        self.place += 1
        if token.kind == "number":
            return Num(token.text, at=token.at)
        if token.kind == "letter":
            return self.letters(token)
        if token.kind == "text":
            return self.word(token)
        if token.text in CLOSES:
            return self.bracket(token)
        return self.command(token)

    def word(self, token: Token) -> Node:
        """A function or a name of several letters; any other words are only words."""
        word, after = token.text, self.peek()
        if word in OPERATORS:
            return Sign(word, at=token.at)
        followed = after is not None and after.text in ("(", "[", "_", "^")
        if word.isalpha() and word not in FUNCTIONS and (followed or word in self.words):
            return Name(word, at=token.at)
        return Words(word, at=token.at)

    def letters(self, token: Token) -> Node:
        """A letter, or the name of a function typed without its backslash, as in log or ln."""
        for word in (*self.words, *TYPED_OUT):
            ahead = [self.peek(k) for k in range(len(word) - 1)]
            places = [
                t is not None and t.kind == "letter" and t.text == c
                for t, c in zip(ahead, word[1:], strict=True)
            ]
            adjacent = all(t is not None and t.at == token.at + k for k, t in enumerate(ahead, 1))
            if token.text == word[0] and all(places) and adjacent:
                self.place += len(word) - 1
                kind = Name if word in self.words else Sign if word in OPERATORS else Words
                return kind(word, at=token.at)
        return Name(token.text, at=token.at)

    def bracket(self, opened: Token) -> Node:
        close = CLOSES[opened.text]
        braces = opened.text == "{" and opened.kind == "sign"
        if opened.text == "|" and self.take("|") is not None:  # ||w||
            self.close.append("|")
            inside = self.listed()
            self.close.pop()
            self.demand("|", opened)
            self.demand("|", opened)
            return Bracket("Vert", inside.items if isinstance(inside, Listed) else (inside,), at=opened.at)
        if self.take(close) is not None:
            if braces:
                raise ReadError("A pair of braces is empty.", opened.at)
            raise ReadError(f"The brackets “{opened}{_shown(close)}” hold nothing.", opened.at)
        self.close.append(close)
        inside = self.listed()
        self.close.pop()
        if braces and self.take("over"):  # {a \over b}
            self.close.append(close)
            below = self.listed()
            self.close.pop()
            self.demand(close, opened)
            return Frac(inside, below, at=opened.at)
        self.demand(close, opened)
        if braces:
            return inside
        kind = {"lvert": "|", "lVert": "Vert", "lbrace": "{"}.get(opened.text, opened.text)
        items = inside.items if isinstance(inside, Listed) else (inside,)
        return Bracket(kind, items, at=opened.at)

    def group(self, command: Token) -> Node:
        """The argument of a command: a group in braces, or the single sign after it."""
        opened = self.take("{")
        if opened is None:
            token = self.peek()
            if token is None or not self.starts_factor():
                raise ReadError(f"{command} needs something in braces after it.", command.at)
            if token.kind == "number" and len(token.text) > 1:  # \frac12
                first, rest = (
                    Token("number", token.text[0], token.at),
                    Token("number", token.text[1:], token.at + 1),
                )
                self.tokens[self.place : self.place + 1] = [first, rest]
            return self.atom()
        if self.take("}"):
            raise ReadError(f"The braces after {command} are empty.", command.at)
        self.close.append("}")
        inside = self.listed()
        self.close.pop()
        self.demand("}", opened)
        return inside

    def command(self, token: Token) -> Node:
        name = token.text
        if name == "frac":
            return Frac(self.group(token), self.group(token), at=token.at)
        if name == "sqrt":
            order = self.option(token)
            return Root(self.group(token), order, at=token.at)
        if name in ACCENTS or name == "mathbf" or name in STYLES:
            return self.styled(token)
        if name == "underbrace":
            inside = self.group(token)
            if self.take("_", "^"):
                environments.group_or_words(self, token)
            return Bracket("(", (inside,), at=token.at)
        if name == "substack":
            return environments.substack(self, token)
        if name == "begin":
            return environments.environment(self, token)
        if name == "leftnull":  # \left. f \right|_{x = 0}
            return environments.value_at(self, token)
        if name in OPERATORS:
            return Sign(name, at=token.at)
        return Name(name, at=token.at)

    def option(self, command: Token) -> Node | None:
        opened = self.take("[")
        if opened is None:
            return None
        self.close.append("]")
        inside = self.added()
        self.close.pop()
        self.demand("]", opened)
        return inside

    def styled(self, token: Token) -> Node:
        inside = self.group(token)
        base, wrap = (inside.base, inside) if isinstance(inside, Scripts) else (inside, None)
        if isinstance(base, Num) and token.text in ("mathbf", "mathbb"):
            return Name("bold 1" if base.text == "1" else f"bold {base.text}", bold=True, at=token.at)
        if isinstance(base, Words):
            base = Name(base.text, at=base.at)
        if not isinstance(base, Name):
            raise ReadError(f"{token} belongs to a single letter.", token.at)
        if token.text == "mathbf":
            new = Name(base.word, base.accents, True, at=token.at)
        elif token.text in STYLES:
            new = Name(f"{STYLES[token.text]} {base.word}", base.accents, base.bold, at=token.at)
        else:
            new = Name(base.word, (*base.accents, token.text), base.bold, at=token.at)
        return new if wrap is None else Scripts(new, wrap.below, wrap.above, wrap.primes, at=token.at)


def _shown(close: str) -> str:
    return {"rvert": "|", "lvert": "|", "rVert": "‖", "Vert": "‖", "rbrace": "}"}.get(close, close)


def _misplaced(token: Token) -> ReadError:
    if token.text in (")", "]", "}"):
        return ReadError(f"“{token}” closes a bracket that was never opened.", token.at)
    if token.kind == "command" and token.text in UNREAD:
        return ReadError(f"{UNREAD[token.text].capitalize()} is not read here.", token.at)
    if token.kind == "command":
        return ReadError(f"The command {token} is not known here.", token.at)
    return ReadError(f"“{token}” has no place there.", token.at)


def parse(tokens: Iterable[Token], words: Collection[str] = ()) -> Node:
    """The tree of one formula, in which `words` are names of several letters.

    Raises ReadError with the place of what is wrong.
    """
    tokens = list(tokens)
    if not tokens:
        raise ReadError("A formula is missing here.")
    return Parser(tokens, words).whole()
