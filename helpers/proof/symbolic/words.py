"""Products of matrices as words, whose letters are never exchanged, and sums of such words.

A word is cut where two factors meet in a single row and column: what stands between two cuts is a number, and
numbers may be exchanged, and transposed. Relations such as V A = I rewrite one word by others; from two of
them that overlap follows a third.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from sympy import Basic, Dummy, Expr, Integer, S, fraction, together

from ..work import tick
from .algebra import cancel, expand

Word = tuple[int, ...]
Sum = dict[Word, Expr]  # a sum of words; the empty word is the identity matrix, or the number 1
ROUNDS, MOST_RULES, LONGEST, DEEPEST = 4, 60, 12, 20


class Circular(ValueError):
    """Numbers that are rewritten by relations which have these numbers in them."""


class Words:
    """The letters met so far, with shapes and transposes, and the relations between words."""

    def __init__(self, movable: Callable[[Basic], bool] = lambda letter: False) -> None:
        self.movable = movable  # whether a letter takes all values of some interval
        self.shapes: list[tuple[Expr, Expr]] = []
        self.turned: list[int] = []
        self.rules: dict[Word, Sum] = {}
        self.numbers: dict[Word, Dummy] = {}  # words of one row and one column
        self.meaning: dict[Dummy, Word] = {}
        self.inverses: list[int] = []
        self.said: set[Word] = set()  # the numbers of the statement itself
        self.depth = 0
        self.apart: list[Expr] = []  # numbers by which the statement itself divides

    def letter(self, rows: Expr, columns: Expr, symmetric: bool = False) -> int:
        """A new letter; unless it is symmetric the next one is its transpose."""
        first = len(self.shapes)
        self.shapes.append((rows, columns))
        self.turned.append(first if symmetric else first + 1)
        if not symmetric:
            self.shapes.append((columns, rows))
            self.turned.append(first)
        return first

    def turn(self, word: Word) -> Word:
        """The transpose of a product: its factors transposed, the last one first."""
        return tuple(self.turned[a] for a in reversed(word))

    def transposed(self, one: Sum) -> Sum:
        return {self.turn(word): number for word, number in one.items()}

    # ---- sums
    @staticmethod
    def added(sums: Iterable[Sum]) -> Sum:
        total: Sum = {}
        for one in sums:
            for word, number in one.items():
                total[word] = total.get(word, S.Zero) + number
        return {word: number for word, number in total.items() if number != 0}

    @staticmethod
    def scaled(number: Expr, one: Sum) -> Sum:
        return {word: number * c for word, c in one.items()}

    def product(self, one: Sum, other: Sum) -> Sum:
        """One sum times the other, each word cut."""
        pairs = [(a + b, c * d) for a, c in one.items() for b, d in other.items()]
        return self.added(self.scaled(number, self.cut(word)) for word, number in pairs)

    def cut(self, word: Word) -> Sum:
        """The word without the numbers in it, and these before it."""
        places = [k for k in range(1, len(word)) if self.shapes[word[k]][0] == 1]
        pieces = [word[a:b] for a, b in zip([0, *places], [*places, len(word)], strict=True)]
        number, kept = S.One, []
        for piece in pieces:
            if piece and self.shapes[piece[0]][0] == 1 and self.shapes[piece[-1]][1] == 1:
                number *= self.number(piece)
            else:
                kept += piece
        return {tuple(kept): number}

    def number(self, word: Word) -> Expr:
        """What stands for a word of one row and one column, which equals its transpose."""
        for form in (word, self.turn(word)):
            if self.applicable(form) is not None:
                self.depth += 1
                if self.depth > DEEPEST:
                    raise Circular("two relations rewrite each other's numbers")
                value = self.value(self.reduced({form: S.One}, whole=True))
                self.depth -= 1
                return value
        return self.named(min(word, self.turn(word)))

    def named(self, word: Word) -> Expr:
        if word not in self.numbers:
            self.numbers[word] = Dummy("s")
            self.meaning[self.numbers[word]] = word
        return self.numbers[word]

    def value(self, one: Sum) -> Expr:
        """A sum of words of one row and one column as a number."""
        return sum((c * self.cut(word)[()] for word, c in one.items()), S.Zero)

    # ---- rewriting
    def applicable(self, word: Word) -> tuple[Word, int] | None:
        """A rule whose left side stands in the word, and where."""
        for lead in self.rules:
            for k in range(len(word) - len(lead) + 1):
                if word[k : k + len(lead)] == lead:
                    return lead, k
        return None

    def reduced(self, one: Sum, whole: bool = False) -> Sum:
        """The sum with every word rewritten until no rule applies; `whole` words are those of one number."""
        done: Sum = {}
        waiting = dict(one)
        while waiting:
            tick()
            word, number = waiting.popitem()
            found = self.applicable(word)
            if found is None:
                pieces = {word: S.One} if whole else self.cut(word)
                for rest, factor in pieces.items():
                    done[rest] = done.get(rest, S.Zero) + number * self.settled(factor)
                continue
            lead, k = found
            for part, factor in self.rules[lead].items():
                new = word[:k] + part + word[k + len(lead) :]
                waiting[new] = waiting.get(new, S.Zero) + number * factor
        return {word: c for word, n in done.items() if (c := self.simple(n)) != 0}

    def settled(self, number: Expr) -> Expr:
        """A number with the words in it rewritten by the rules that have come since."""
        late = [d for d in number.free_symbols & set(self.meaning) if self.is_late(self.meaning[d])]
        return number.xreplace({d: self.number(self.meaning[d]) for d in late}) if late else number

    def is_late(self, word: Word) -> bool:
        return any(self.applicable(form) is not None for form in (word, self.turn(word)))

    def simple(self, number: Expr) -> Expr:
        number = self.settled(number)
        return number if number.is_Number else cancel(together(number))

    # ---- relations
    def relate(self, one: Sum) -> bool:
        """Enter that a sum is 0, as a rule for its longest word; False if nothing new follows."""
        one = self.reduced(one)
        for word in sorted(one, key=lambda w: (len(w), w), reverse=True):
            if not word or len(word) > LONGEST or not self.may_divide(one[word]):
                continue
            if any(len(other) > len(word) for other in one):
                return False  # rewriting by it might not end
            if self.stands_in_numbers(word, one):
                continue
            rest = {w: self.simple(-c / one[word]) for w, c in one.items() if w != word}
            self.rules[word] = rest
            if self.turn(word) not in self.rules and self.turn(word) != word:
                self.rules[self.turn(word)] = self.transposed(rest)
            return True
        return False

    def stands_in_numbers(self, word: Word, one: Sum) -> bool:
        """Whether a word stands in the numbers before the others: rewriting it would rewrite its own rule."""
        inside = {self.meaning[d] for c in one.values() for d in c.free_symbols & set(self.meaning)}
        forms = {form for number in inside for form in (number, self.turn(number))}
        return any(form[k : k + len(word)] == word for form in forms for k in range(len(form)))

    def may_divide(self, number: Expr) -> bool:
        """Whether a number may be divided by.

        It is one that the statement divides by; or it has only letters that may be moved a little, so that it
        is not 0 nearby: there the statement holds, and both its sides are continuous.
        """
        above = fraction(number)[0]
        if all(map(self.movable, above.free_symbols)):
            return bool(above != 0)
        shares = (cancel(above / fraction(together(self.settled(d)))[0]) for d in self.apart)
        return any(all(map(self.movable, share.free_symbols)) and share != 0 for share in shares)

    def complete(self) -> Iterator[None]:
        """Enter what follows from pairs of relations; each round may show something to vanish."""
        for _ in range(ROUNDS):
            found = [one for one in self.consequences() if self.relate(one)]
            yield
            if not found or len(self.rules) > MOST_RULES:
                return

    def consequences(self) -> Iterator[Sum]:
        for lead in sorted(self.rules, key=lambda w: (len(w), w)):
            if lead not in self.rules:
                continue
            rest = self.rules.pop(lead)  # is it one still, if the others are used on it?
            if self.applicable(lead) is not None:
                yield self.added([{lead: S.One}, self.scaled(Integer(-1), rest)])
                continue
            self.rules[lead] = rest
            for other in list(self.rules):
                yield from self.overlaps(lead, other)
            yield from self.beside_numbers(lead)

    def overlaps(self, one: Word, other: Word) -> Iterator[Sum]:
        """The end of one left side is the beginning of the other: both ways to rewrite agree."""
        for k in range(1, min(len(one), len(other))):
            if one[-k:] == other[:k] and one in self.rules and other in self.rules:
                first = self.product(self.rules[one], {other[k:]: S.One})
                second = self.product({one[:-k]: S.One}, self.rules[other])
                yield self.added([first, self.scaled(Integer(-1), second)])

    def beside_numbers(self, lead: Word) -> Iterator[Sum]:
        """Times a column a left side may hold a number of the statement, and is cut or rewritten."""
        places = [k for k in range(1, len(lead)) if self.shapes[lead[k]][0] == 1]
        for word in self.columns(self.shapes[lead[-1]][1]) if places else ():
            piece = (*lead[places[-1] :], *word)
            if lead in self.rules and min(piece, self.turn(piece)) in self.said:
                cut = self.cut((*lead, *word))
                yield self.added(
                    [cut, self.scaled(Integer(-1), self.product(self.rules[lead], {word: S.One}))]
                )

    def columns(self, rows: Expr) -> Iterator[Word]:
        """Each letter that is a column, alone and after an inverse, where it has so many rows."""
        for a, (size, columns) in enumerate(self.shapes):
            if columns == 1 and size != 1 and expand(size - rows) == 0:
                yield from ((a,), *((b, a) for b in self.inverses if expand(self.shapes[b][0] - rows) == 0))

    def is_zero(self, one: Sum) -> bool:
        """Whether a sum of words is seen to be 0, with what follows from the relations in a few rounds."""
        if not self.reduced(one):
            return True
        self.said = set(self.numbers)
        return any(not self.reduced(one) for _ in self.complete())
