"""Sentences that define and suppose, such as "Let $z = \\sum_i w_i x_i$ and $0 \\le y \\le 1$".

Every word of such a sentence is either understood, or known to say nothing, or refused: a "not" or an "or"
that was passed over would suppose something else than the writer did.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from . import index_ranges, phrases, randomness, recursions, said
from . import trees as g
from .clauses import KINDS, MATHS, OF_MATRICES, SHAPED, TELLING, UnknownWord, demand_whole
from .commands import FUNCTIONS
from .latex import Macro, ReadError, Token, tokens
from .prose import SUPERSCRIPTS
from .supposed import Definition, Supposed

__all__ = ["Definition", "Supposed", "UnknownWord", "suppose"]

LINEAR = re.compile(r"\blinear (?=regression|model|layer|unit|classifier|network|score)", re.IGNORECASE)
QUANTITY = r"(?:average|mean|sum|product|norm|maximum|minimum|variance|optim\w+|minimi[sz]er|maximi[sz]er)"
DERIVED = (
    r"(?:cost|derivative|divergence|entropy|error|gradient|likelihood|logit|loss|posterior|prediction|slope"
    r"|softmax|squares|solution)s?"
)
OF = re.compile(
    rf"\s*(?:is|be|are|denotes?)\s+(?:the|its|an?)\s+(?:[a-z-]+\s+)*?({DERIVED})\s+of(?:\s+[a-z-]+)*\s*$"
)
CALLED = re.compile(
    rf"\s*(?:is|be|are|denotes?|as)?\s*(?:the|its|our|an?)\s+(?:[a-z-]+\s+)*?"
    rf"(?:{DERIVED}|(?:output|activation|score|response|estimator|update)s?)\b"
)
IS_THE = re.compile(rf"\s*(?:is|be|are|denotes?|for|as)\s+(?:the|their|its|an?)\s+(?:\w+\s+)?({QUANTITY})\b")
THE = re.compile(rf"\b({QUANTITY})\s+(?:(?!of|over|in|for|and|by|with|than|or)[a-z]+\s+)?$")
LEADS = re.compile(  # to the rows, as in “…, gradient descent gives”
    r",?\s+(?:(?:we|one|this|it|then|so|that|gradient|descent|the|chain|product|quotient|rule|differentiation)\s+)*"
    r"(?:gives?|get|obtain|have|yields?|becomes?|reads?|see|find|follows)(?:\s+that)?\s*[:,.]?\s*$",
    re.IGNORECASE,
)
MOMENT = re.compile(r"\b(mean|variance|covariance)(?:[- ]matri(?:x|ces))?s?\s*$")
COVARIANCE = re.compile(r"\bcovariance(?:[- ]matrix)?(?=\s*\$)")  # whose formula says what it is
HAS = re.compile(  # “with mean $m$”; but a sample mean is none of a law
    r"(?:^|\b(?:with|and|has|have|having|an?|the|let|their|its|common|by)|,)\s*"
    r"(?:mean|variance|covariance(?:[- ]matri(?:x|ces))?)s?\s*$"
)
A_FUNCTION = re.compile(
    r"\s*(?:is|be|are)\s+(?:(?:an?|any|some)\s+)?(?:(?:given|real|arbitrary|fixed)\s+)*functions?\b"
)
FUNCTION_OF = re.compile(
    r"\s*,?\s*(?:is|be|are|as)?\s*(?:an?|some|any)?\s*(?:[a-z]+\s+){0,3}functions?\s+(?:only\s+)?of\s+(?:[a-z]+\s+)*$"
)
OPEN_END = re.compile(r"[\s,]*\b(?:and|with|where|let)\s*[:,]?\s*$")  # before a displayed formula
AND = re.compile(r"[\s,]*(?:and|,)[\s,]*")
IID = re.compile(
    r"\bi\.?\s?i\.?\s?d\b\.?|\bindependent(?:ly)?(?:,| and|, and)? identically distributed\b", re.IGNORECASE
)
REGULAR = re.compile(r"\s*(?:is|be|are)?\s*(?:an? )?(?:invertible|non-?singular|regular)\b")
NUMBERED = ("problem", "exercise", "task", "part", "question", "step", "layer", "chapter", "section", "case")
NUMBER = re.compile(  # “with values 0 and 1”; but Problem 3.2 and layer 2 are names
    r"(?<![\w.])" + "".join(f"(?<!{word} )" for word in NUMBERED) + r"\(?(\d+(?:\.\d+)?)(?![\w)])"
)
BETWEEN = r"(?:\s+(?:functions?|vectors?|numbers?|scalars?|matri\w+|labels?|letters?))*\s*"
MORE = re.compile(r"\b(?:definite|invertible|non-?singular|regular|diagonal)\b")  # of a covariance matrix
OF_SET = re.compile(r"\bin\s*$")  # “a vector in $\\mathbb{R}^n$”
OF_LENGTH = re.compile(r"(?:length|size|dimension)\s*$")
FOR = re.compile(r"\bfor(?: all| every| each| any)?\s*$")
EVERY = re.compile(r"\b(?:for )?(?:all|every|each|any)\s*$")


ARGUMENTS = r"\(\s*\\?\w+(?:_\{?\w\}?)?(?:\s*,\s*\\?\w+(?:_\{?\w\}?)?)*\s*\)"
CALL = re.compile(rf"^\s*([A-Za-z]{{2,}})\s*{ARGUMENTS}\s*&?\s*:?=")  # relu(x) = …
ITEM = re.compile(r"(?:^|,)\s*([A-Z]{2,})\s*(?=,|$|[<>=]|\\g|\\l|\\in\b)")  # TP, FP > 0
IN_ROWS = re.compile(
    rf"(?:^|\$|\\\[|\\\\|\}})\s*([A-Z]{{2,}}(?={ARGUMENTS}\s*&?\s*=)|[A-Z]{{3,}}(?=\s*&?\s*=))", re.M
)
ALONE = re.compile(r"(?:^|,)\s*([A-Za-z])\s*(?=[,=<>_^(\\]|$)")


def several_letters(sentences: list[str], text: str) -> set[str]:
    """Names of several letters typed without \\mathrm, such as TP and RSS(w), by how they are introduced."""
    formulas = [one or other for sentence in sentences for one, other in MATHS.findall(sentence)]
    found = {m[1] for f in formulas for m in (*CALL.finditer(f), *ITEM.finditer(f))}
    alone = {letter for f in formulas for letter in ALONE.findall(f)}
    return {word for word in {*found, *IN_ROWS.findall(text)} - FUNCTIONS if not set(word) <= alone}


@dataclass
class Place:
    """One formula of a sentence with the words around it, and the names that it is about."""

    source: str
    before: str
    after: str
    subjects: list[g.Node] = field(default_factory=list)
    kind: str = ""


def suppose(sentence: str, macros: dict[str, Macro], found: Supposed) -> None:
    """Enter what one sentence says. Raises ReadError for a formula or a word that is not understood."""
    sentence = OPEN_END.sub("", LEADS.sub("", sentence))
    for clause in phrases.clauses(LINEAR.sub("", sentence)):
        groups = len(found.independent)
        _suppose(phrases.usual(IID.sub("independent", clause)), macros, found)
        if IID.search(clause):
            new = [name for group in found.independent[groups:] for name in group]
            found.alike += [name for name in new if isinstance(name, g.Node)]


def _suppose(sentence: str, macros: dict[str, Macro], found: Supposed) -> None:
    randomness.demand_law_in_signs(MATHS.sub(" ", sentence), sentence)
    spans = list(MATHS.finditer(sentence))
    if not spans and "=" in sentence:
        raise ReadError(f"Put the formulas of “{sentence[:40]}” between dollar signs.")
    demand_no_number(MATHS.sub(" ", sentence).lower())
    demand_whole(COVARIANCE.sub(" ", sentence))
    if SUPERSCRIPTS.search(sentence):
        found.superscripts = True
    known = (len(found.laws), len(found.moments))
    places: list[Place] = []
    for k, span in enumerate(spans):
        before = sentence[spans[k - 1].end() if k else 0 : span.start()].lower()
        after = sentence[span.end() : spans[k + 1].start() if k + 1 < len(spans) else len(sentence)].lower()
        place = Place(span.group(1) or span.group(2), before, after)
        try:
            read_place(place, places, macros, found)
        except ReadError as trouble:
            raise ReadError(f"In “{place.source.strip()[:60]}”: {trouble}") from None
        places.append(place)
        words = IS_THE.match(place.after) or THE.search(place.before) or OF.match(place.after)
        if CALLED.match(place.after):
            found.described += place.subjects
        if words and place.kind != "definition":
            found.in_words += [(subject, words[1]) for subject in place.subjects]
        if A_FUNCTION.match(place.after) and place.kind != "definition":
            found.functions += place.subjects
    costs(places, found)
    index_ranges.demand_all(places, sentence.lower(), found)
    demand_given(give_kinds(places, found), MATHS.sub(" ", sentence).lower())
    randomness.enter(places, sentence.lower(), found, known)


def demand_no_number(words: str) -> None:
    """Raises UnknownWord for a number that stands outside of the formulas, and of what is read in words."""
    for pattern in randomness.WORDS:
        words = re.sub(pattern, " ", words)
    if lost := NUMBER.search(words):
        raise UnknownWord(
            f"The number {lost[1]} stands outside of the formulas of a sentence that supposes something: put "
            "what it says between dollar signs."
        )


def demand_given(given: set[str], words: str) -> None:
    """Raises UnknownWord for a word such as “positive” that belongs to none of the names."""
    for pattern, kind in KINDS:
        if kind not in (*TELLING, *given) and (said := re.search(rf"\b(?:{pattern})\b", words)):
            raise UnknownWord(
                f"It is not clear of what “{said[0]}” is said: say it of a letter, or by a formula."
            )


def read_place(place: Place, earlier: list[Place], macros: dict[str, Macro], found: Supposed) -> None:
    read = [t for t in tokens(place.source, macros) if t.text != "quad"]
    if REGULAR.match(place.after) and said.is_product(read):
        return None  # an inverse brings this condition with it
    if OF_LENGTH.search(place.before) and earlier:
        return said.shape(earlier[-1].subjects, read, found)
    if OF_SET.search(place.before) and earlier and place.source.strip().startswith(("\\mathbb", "\\R")):
        return said.element(randomness.about(earlier), read, found)
    if moment(place, read, earlier, found):
        return None
    restricts = FOR.search(place.before) is not None
    conditions = len(found.conditions)
    domains = len(found.domains)
    said.formula(read, place, found, every=EVERY.search(place.before) is not None)
    if restricts and place.kind == "domain" and recursions.names_itself(found):
        recursions.from_zero(found, place, domains)
        place.kind = "restricted"
    if (
        restricts
        and earlier
        and place.kind in ("range", "condition")
        and earlier[-1].kind in ("domain", "definition")
    ):
        if place.kind == "condition" and recursions.names_itself(found):
            body = found.definitions[-1].body
            limits = found.restricted.get(id(body), [])
            found.restricted[id(body)] = [*limits, *found.conditions[conditions:]]
            del found.conditions[conditions:]
            place.kind = "restricted"
            return None
        index_ranges.demand_whole(place, earlier[-1], found)
    return None


def moment(place: Place, read: list[Token], earlier: list[Place], found: Supposed) -> bool:
    """Whether a formula is a mean or a variance in words, “with mean $m$”; then it is entered."""
    if earlier and earlier[-1].kind == "moment" and AND.fullmatch(place.before) and said.is_bare(read):
        raise ReadError(
            "Which mean or variance is whose? Say each by a formula, as in $\\mathbb{E}[x] = \\mu$."
        )
    called = MOMENT.search(place.before)
    if called and called[1] == "covariance" and (more := MORE.search(place.before)):
        raise ReadError(f"That a covariance matrix is {more[0]} is not read: leave it out.")
    if called and not HAS.search(place.before):
        raise ReadError(f"Which {called[1]} is this? Say it by a formula, as in $\\mathbb{{E}}[x] = \\mu$.")
    if not called or any(t.text in ("=", "in", "sim") for t in read):
        return False
    plural = called[0].rstrip().endswith("s")
    randomness.moments(called[1], plural, said.value(read), earlier, found)
    place.kind = "moment"
    return True


def costs(places: list[Place], found: Supposed) -> None:
    """Names that are called a function of others: “Let $C$ be a differentiable function of $z$ and $b$”."""
    names: list[g.Node] = []
    for k, place in enumerate(places):
        names = [*(names if AND.fullmatch(place.before) else []), *place.subjects]
        if not FUNCTION_OF.match(place.after) or place.kind == "definition":
            continue
        of = list(places[k + 1].subjects) if k + 1 < len(places) and not places[k + 1].kind else []
        for other in places[k + 2 :]:
            if other.kind or not AND.fullmatch(other.before):
                break
            of += other.subjects
        if of:
            found.costs += [(name, tuple(of)) for name in names if said.is_entry(name)]


def give_kinds(places: list[Place], found: Supposed) -> set[str]:
    """Words such as "one-hot" belong to the names before them, which "and" may join, or to the one after.

    Returns the kinds that were given to a name, or are brought by a formula.
    """
    group: list[g.Node] = []
    given: set[str] = set()
    carried: set[str] = set()  # “matrices A and B”: of B, too
    for place, following in zip(places, [*places[1:], None], strict=False):
        given |= {"invertible"} if not place.subjects and REGULAR.match(place.after) else set()
        complement = randomness.COMPLEMENT.search(place.before)
        if (place.kind == "range" or complement) and group:  # what follows is about the names before it
            place = replace(place, subjects=group)
        linked = not place.before.strip() or AND.fullmatch(place.before) is not None
        group = [*group, *place.subjects] if linked and group else list(place.subjects)
        close = re.split(r"[.;]|\bwith\b|\bwhere\b", place.after)[0]
        for pattern, kind in KINDS:
            words = of_the_name(close)
            after = any(
                following is None
                or not following.subjects
                or not re.fullmatch(BETWEEN, place.after[hit.end() :])
                for hit in re.finditer(rf"\b(?:{pattern})", words)
            )
            before = re.search(rf"\b(?:{pattern}){BETWEEN}$", place.before)
            carried = carried - {kind} if not linked else carried
            carried |= {kind} if before and kind in SHAPED else set()
            if (after or before or kind in carried) and group:
                for subject in group if after else place.subjects:
                    if may_be(subject, kind, found):
                        given.add(kind)
                        said.kind_of(subject, kind, found)
    return given


def of_the_name(words: str) -> str:
    """What is said of a name itself: in “the length of the vector x and a matrix A” it is no vector."""
    return re.split(r"\b(?:of|in|for|from|by|to|on|entr(?:y|ies)|and (?:an?|the|let))\b", words)[0]


def may_be(subject: g.Node, kind: str, found: Supposed) -> bool:
    """Whether a word may be about a name: no array is a smooth function, and no vector is symmetric."""
    sizes = [len(said) for node, said in found.shapes if node == subject]
    if kind == "simplex" and isinstance(subject, g.Name) and (subject, "unit") in found.domains:
        return False  # the probability $0 < p < 1$
    if kind in ("smooth", "logistic"):
        return not sizes
    return kind not in OF_MATRICES or (sizes[:1] != [1] and isinstance(subject, (g.Name, g.Scripts)))
