"""Sentences that define and suppose, such as "Let $z = \\sum_i w_i x_i$ and $0 \\le y \\le 1$".

Every word of such a sentence is either understood, or known to say nothing, or refused: a "not" or an "or"
that was passed over would suppose something else than the writer did.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from ..statement.given import OF_MATRICES
from . import phrases, randomness, recursions, said
from . import trees as g
from .commands import FUNCTIONS
from .latex import Macro, ReadError, tokens
from .prose import SUPERSCRIPTS
from .supposed import Definition, Supposed

__all__ = ["Definition", "Supposed", "suppose"]

MATHS = re.compile(r"\$([^$]+)\$|\\\((.+?)\\\)", re.S)
KINDS = (  # words beside a name, what they say
    (r"one[- ]hot", "onehot"),
    (r"probabilit(?:y|ies)(?: vectors?| distributions?)?|distributions?", "simplex"),
    (r"non[- ]?negative", "nonnegative"),
    (r"positive(?![- ]definite)", "positive"),
    (r"positive[- ]definite", "positive definite"),
    (r"symmetric", "symmetric"),
    (r"invertible|non-?singular|regular", "invertible"),
    (r"orthogonal(?= matri)|orthonormal columns", "orthogonal"),
    (r"matri(?:x|ces)", "matrix"),
    (r"vectors?", "vector"),
    (r"non[- ]?zero", "nonzero"),
    (r"binary", "binary"),
    (r"(?:continuously )?differentiable|smooth", "smooth"),
    (r"(?:logistic|sigmoid)(?: functions?)?", "logistic"),
    (r"counts? layers?|layers?", "layer"),
)
SHAPED = ("matrix", "vector", *OF_MATRICES)
WORDS = """
a about activation activations actual adam affine again algorithm all also an and any arbitrary are array
arrays as assume assuming at average batch be because bias biases both by called certain channel channels
class classes classification classifier coefficient coefficients column columns component components consider
constant constants convolution coordinate coordinates corresponding cost costs cross current data dataset
decay deep define denote denotes depth derivative derivatives descent dimension dimensional distributed
distribution divergence dropout e each encoded encoding entries entropy entry epoch epochs equal equation
equations error errors every example examples expression expressions factor factors feature features
feedforward filter filters fixed following follows for from function functions furthermore g generic given
gradient gradients ground has have having here hidden hinge hyperparameter hyperparameters i identically iid
image images in index indices initial input inputs instance instances intercept is it iteration iterations
its jensen kernel kernels kl label labels lasso layer layers learning length let likelihood likelihoods
logistic logit logits loss losses mask matrices matrix mean means method methods minibatch minibatches model
momentum moreover name network networks neural neuron new noise note nothing now number numbers objective
observed of old on one optimal optimisation optimiser optimization optimizer our output outputs parameter
parameters penalty pixel pixels point points pooling posterior predicted prediction predictions previous
prior priors probability problem problems rate real reals recall regression regularised regularized
respectively response responses ridge row rows rule sample samples say scalar scalars schedule score scores
set sigmoid since single size sizes slope smoothing so softmax softplus solution some squared squares standard
state
states step steps stochastic strength student superscript superscripts suppose target targets temperature
term terms that the their then these they this three time to total training true truth two unit units update
updates used usual value values variable variables variance variances vector vectors we weight weighted
weights where which width with words write
"""  # that say nothing about a name
SILENT = frozenset(WORDS.split())
LINEAR = re.compile(r"\blinear (?=regression|model|layer|unit|classifier|network|score)", re.IGNORECASE)
QUANTITY = r"(?:average|mean|sum|product|norm|maximum|minimum|variance|optim\w+|minimi[sz]er|maximi[sz]er)"
IS_THE = re.compile(rf"\s*(?:is|be|are|denotes?|for|as)\s+(?:the|their|its|an?)\s+(?:\w+\s+)?({QUANTITY})\b")
THE = re.compile(rf"\b({QUANTITY})\s+(?:(?!of|over|in|for|and|by|with|than|or)[a-z]+\s+)?$")
LEADS = re.compile(  # to the rows, as in “…, gradient descent gives”
    r",?\s+(?:(?:we|one|this|it|then|so|that|gradient|descent|the|chain|product|quotient|rule|differentiation)\s+)*"
    r"(?:gives?|get|obtain|have|yields?|becomes?|reads?|see|find|follows)(?:\s+that)?\s*[:,.]?\s*$",
    re.IGNORECASE,
)
MOMENT = re.compile(r"\b(mean|variance)s?\s*$")
A_FUNCTION = re.compile(
    r"\s*(?:is|be|are)\s+(?:(?:an?|any|some)\s+)?(?:(?:given|real|arbitrary|fixed)\s+)*functions?\b"
)
FUNCTION_OF = re.compile(
    r"\s*,?\s*(?:is|be|are|as)?\s*(?:an?|some|any)?\s*(?:[a-z]+\s+){0,3}functions?\s+(?:only\s+)?of\s+(?:[a-z]+\s+)*$"
)
AND = re.compile(r"[\s,]*(?:and|,)[\s,]*")
IID = re.compile(r"\bi\.?\s?i\.?\s?d\b\.?", re.IGNORECASE)
PROPER = re.compile(
    r"(?<=[a-z,] )(?!(?:Not|No|Or|If|Unless|Except|Only)\b)[A-Z][a-zé]+(?:['’]s)?\b"
)  # of Adam
REGULAR = re.compile(r"\s*(?:is|be|are)?\s*(?:an? )?(?:invertible|non-?singular|regular)\b")
LEAST = r"(?<!\bat )\bleast\b"  # least squares; but “at least 1” supposes something
NUMBERED = ("problem", "exercise", "task", "part", "question", "step", "layer", "chapter", "section", "case")
NUMBER = re.compile(  # “with values 0 and 1”; but Problem 3.2 and layer 2 are names
    r"(?<![\w.])" + "".join(f"(?<!{word} )" for word in NUMBERED) + r"\(?(\d+(?:\.\d+)?)(?![\w)])"
)
FULL_RANK = r"\bfull (?:column |row )?rank\b"
BETWEEN = r"(?:\s+(?:functions?|vectors?|numbers?|scalars?|matri\w+|labels?|letters?))*\s*"
OF_LENGTH = re.compile(r"(?:length|size|dimension)\s*$")
FOR = re.compile(r"\bfor(?: all| every| each| any)?\s*$")
EVERY = re.compile(r"\b(?:for )?(?:all|every|each|any)\s*$")


ARGUMENTS = r"\(\s*\\?\w+(?:_\{?\w\}?)?(?:\s*,\s*\\?\w+(?:_\{?\w\}?)?)*\s*\)"
CALLED = re.compile(rf"^\s*([A-Za-z]{{2,}})\s*{ARGUMENTS}\s*&?\s*:?=")  # relu(x) = …
ITEM = re.compile(r"(?:^|,)\s*([A-Z]{2,})\s*(?=,|$|[<>=]|\\g|\\l|\\in\b)")  # TP, FP > 0
IN_ROWS = re.compile(
    rf"(?:^|\$|\\\[|\\\\|\}})\s*([A-Z]{{2,}}(?={ARGUMENTS}\s*&?\s*=)|[A-Z]{{3,}}(?=\s*&?\s*=))", re.M
)
ALONE = re.compile(r"(?:^|,)\s*([A-Za-z])\s*(?=[,=<>_^(\\]|$)")


def several_letters(sentences: list[str], text: str) -> set[str]:
    """Names of several letters typed without \\mathrm, such as TP and RSS(w), by how they are introduced."""
    formulas = [one or other for sentence in sentences for one, other in MATHS.findall(sentence)]
    found = {m[1] for f in formulas for m in (*CALLED.finditer(f), *ITEM.finditer(f))}
    alone = {letter for f in formulas for letter in ALONE.findall(f)}
    return {word for word in {*found, *IN_ROWS.findall(text)} - FUNCTIONS if not set(word) <= alone}


class UnknownWord(ReadError):
    """A sentence that supposes something has a word that may say something and is not understood."""


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
    sentence = LEADS.sub("", sentence)
    for clause in phrases.clauses(LINEAR.sub("", IID.sub("independent", sentence))):
        _suppose(phrases.usual(clause), macros, found)


def _suppose(sentence: str, macros: dict[str, Macro], found: Supposed) -> None:
    randomness.demand_law_in_signs(MATHS.sub(" ", sentence), sentence)
    spans = list(MATHS.finditer(sentence))
    if not spans and "=" in sentence:
        raise ReadError(f"Put the formulas of “{sentence[:40]}” between dollar signs.")
    demand_words(PROPER.sub(" ", MATHS.sub(" ", sentence)).lower())
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
        words = IS_THE.match(place.after) or THE.search(place.before)
        if words and place.kind != "definition":
            found.in_words += [(subject, words[1]) for subject in place.subjects]
        if A_FUNCTION.match(place.after) and place.kind != "definition":
            found.functions += place.subjects
    costs(places, found)
    give_kinds(places, found)
    randomness.enter(places, sentence.lower(), found, known)


def demand_words(words: str) -> None:
    """Raises UnknownWord for a word that may say something and is not understood."""
    known = (REGULAR.pattern, FULL_RANK, LEAST, *randomness.WORDS)
    for pattern in (*(pattern for pattern, _ in KINDS), *known):
        words = re.sub(pattern, " ", words)
    if lost := NUMBER.search(words):
        raise UnknownWord(
            f"The number {lost[1]} stands outside of the formulas of a sentence that supposes something: put "
            "what it says between dollar signs."
        )
    for word in re.findall(r"[^\W\d_]+", re.sub(r"\\[a-z]+", " ", words)):
        if word not in SILENT:
            raise UnknownWord(
                f"The word “{word}” is not understood in a sentence that supposes something: say it by a "
                "formula, or leave it out if it says nothing."
            )


def read_place(place: Place, earlier: list[Place], macros: dict[str, Macro], found: Supposed) -> None:
    read = [t for t in tokens(place.source, macros) if t.text != "quad"]
    if REGULAR.match(place.after) and said.is_product(read):
        return None  # an inverse brings this condition with it
    if OF_LENGTH.search(place.before) and earlier:
        return said.shape(earlier[-1].subjects, read, found)
    moment = MOMENT.search(place.before)
    if moment and not any(t.text in ("=", "in", "sim") for t in read):
        plural = moment[0].rstrip().endswith("s")
        randomness.moments(moment[1], plural, said.value(read), earlier, found)
        place.kind = "moment"
        return None
    restricts = FOR.search(place.before) is not None
    conditions = len(found.conditions)
    domains = len(found.domains)
    said.formula(read, place, found, every=EVERY.search(place.before) is not None)
    if restricts and place.kind == "domain" and recursions.names_itself(found):
        recursions.from_zero(found, place, domains)
    if (
        restricts
        and earlier
        and place.kind in ("range", "condition")
        and earlier[-1].kind in ("domain", "definition")
    ):
        if place.kind == "condition" and recursions.names_itself(found):
            body = found.definitions[-1].body
            found.restricted.setdefault(id(body), []).extend(found.conditions[conditions:])
            del found.conditions[conditions:]
            return None
        said.demand_whole(place, earlier[-1], found)
    return None


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


def give_kinds(places: list[Place], found: Supposed) -> None:
    """Words such as "one-hot" belong to the names before them, which "and" may join, or to the one after."""
    group: list[g.Node] = []
    carried: set[str] = set()  # “matrices A and B”: of B, too
    for place in places:
        if place.kind == "range" and group:  # what follows is about the names before it
            place = replace(place, subjects=group)
        linked = re.fullmatch(r"[\s,]*(?:and|,)?[\s,]*", place.before) is not None
        group = [*group, *place.subjects] if linked and group else list(place.subjects)
        close = re.split(r"[.;]|\bwith\b|\bwhere\b", place.after)[0]
        for pattern, kind in KINDS:
            after = re.search(rf"\b(?:{pattern})", of_the_name(close) if kind in SHAPED else close)
            before = re.search(rf"\b(?:{pattern}){BETWEEN}$", place.before)
            carried = carried - {kind} if not linked else carried
            carried |= {kind} if before and kind in SHAPED else set()
            if (after or before or kind in carried) and group:
                for subject in group if after else place.subjects:
                    if may_be(subject, kind, found):
                        said.kind_of(subject, kind, found)


def of_the_name(words: str) -> str:
    """What is said of a name itself: in “the length of the vector x and a matrix A” it is no vector."""
    return re.split(r"\b(?:of|in|for|from|by|to|on|entr(?:y|ies)|and (?:an?|the|let))\b", words)[0]


def may_be(subject: g.Node, kind: str, found: Supposed) -> bool:
    """Whether a word may be about a name: no array is a smooth function, and no vector is symmetric."""
    sizes = [len(said) for node, said in found.shapes if node == subject]
    if kind in ("smooth", "logistic"):
        return not sizes
    return kind not in OF_MATRICES or sizes[:1] != [1]
