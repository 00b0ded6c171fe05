"""Sentences as people say them, in the words and formulas that `lets` reads.

Each rule here only says in another way what stands there; what no rule knows stays as it is.
"""

from __future__ import annotations

import re

NAME = r"(?:\\(?:mathbf|boldsymbol|bm|vec)\s*\{\s*[A-Za-z]\s*\}|\\[A-Za-z]+|[A-Za-z])"
FIRST, DOTS = r"_(?:\{\s*1\s*\}|1)", r"\\[lc]?dots[bc]?"
SECOND = r"_(?:\{\s*2\s*\}|2)"
LAST = r"(?P=name)_(?:\{(?P<long>[^{}]+)\}|(?P<short>\w))"
LIST = rf"(?P<name>{NAME}){FIRST}\s*,\s*(?:(?P=name){SECOND}\s*,\s*)?{DOTS}\s*,\s*{LAST}"
LISTED = re.compile(rf"\$\s*{LIST}(?P<said>\s*\\sim[^$]*|[^$,]*)\$")
TURNED = r"(?:\s*\^\s*(?:\{\s*)?(?:T|\\top)(?:\s*\})?)?"
ENTRIES = re.compile(rf"\$\s*(?P<whole>{NAME})\s*=\s*[(\[]\s*{LIST}\s*[)\]]{TURNED}\s*\$")
ARGUMENTS = re.compile(rf"(?<=[A-Za-z}}])\(\s*{LIST}\s*\)")
SOFTMAX = re.compile(
    rf"\$\s*(?P<of>{NAME})\s*=\s*\\(?:mathrm|operatorname|text|textrm)\*?\s*\{{\s*softmax\s*\}}\s*"
    rf"(?:\\left)?\(\s*(?P<by>{NAME})\s*(?:\\right)?\)\s*\$"
)
REAL = r"\\(?:mathbb\s*\{?\s*R\s*\}?|R)"
NUMBERED = rf"(?P<x>{NAME})_(?:\{{?i\}}?|\{{?1\}}?{TURNED}\s*,\s*{DOTS}\s*,\s*(?P=x)_\{{?\w\}}?){TURNED}"
MATRIX_ROWS = re.compile(  # “X ∈ R^{n × d} be the matrix whose rows are x_i^T”
    rf"\$\s*(?P<matrix>{NAME})\s*\\in\s*{REAL}\s*\^\s*\{{\s*(?P<n>\w+)\s*\\times\s*(?P<d>\w+)\s*\}}\s*\$\s+"
    r"(?:(?:be|is|denote)\s+)?(?:(?:the|a|data|design|matrix)\s+)*(?:whose|with|have|has|having)\s+(?:the\s+)?"
    rf"(?:(?P<before>rows|columns)\s+(?:are\s+)?)?(?:vectors\s+)?\$\s*{NUMBERED}\s*\$"
    r"(?:\s+as\s+(?:its\s+)?(?P<after>rows|columns))?"
)
BERNOULLI = re.compile(
    r"\$(?P<name>[^$]+)\$\s+(?:be|are|is)\s+(?:an?\s+)?(?P<how>(?:independent|i\.?i\.?d\.?)\s+)?"
    r"Bernoulli(?:\s+random)?(?:\s+variables?)?\s*(?:\(\s*\$(?P<bracket>[^$]+)\$\s*\)|,?\s*with\s+(?:\$\s*P\s*\([^$=]*=\s*1\s*\)\s*=\s*(?P<chance>[^$]+)\$"
    r"|(?:parameter|(?:success\s+)?probability|mean)\s+\$(?P<parameter>[^$]+)\$))"
)
NORMAL = re.compile(
    r"(?P<name>\$[^$]+\$(?:\s+for\s+\$[^$]+\$)?)\s+(?:be|are|is)\s+(?:an?\s+)?(?P<how>independent\s+)?"
    r"(?:(?:Gaussian|normal(?:ly)?(?:\s+distributed)?)(?:\s+(?:random|noise|variables?|errors?))*,?\s+with\s+"
    r"mean\s+(?:\$(?P<mean>[^$]+)\$|(?P<zero>0|zero))\s+and\s+variance\s+(?:\$(?P<variance>[^$]+)\$|(?P<one>1|one))"
    r"|\$(?P<law>\s*(?:\\(?:mathcal|mathrm|text)\s*\{\s*)?N(?:\s*\})?\s*(?:\\left)?\([^$]+)\$)"
)
VERB = r"(?:be|are|is)\b"
NAMES = r"\$[^$]+\$(?:\s*(?:,|and)\s*\$[^$]+\$)*"
CLAUSE = re.compile(rf"[,;]?\s+and\s+let\s+|(?:[,;]?\s+and|[,;])\s+(?={NAMES}\s+{VERB})", re.IGNORECASE)
CHANCE = re.compile(r"independent|random|mean|variance|noise|\\sim|\\mathbb\{?E|\\mathrm\{Var", re.IGNORECASE)
AT = re.compile(r"_\{?\s*([i-t])\s*(?=[}\W]|$)")
DEPENDS = re.compile(r"\bdepends (?:(?:only|just|smoothly) )?(?:up)?on\b((?:[a-z ]*\$[^$]+\$)?)(?: only)?")
WISE = r"\(?(?:element|entry|component|coordinate)[- ]?wise\)?"
ENTRYWISE = re.compile(  # a function of a vector is so here; a product is not, and keeps the word
    rf",?\s*(?:which\s+is\s+)?(?:(?:applied|acting|acts|works|working)\s+{WISE}(?:\s+to\s+vectors)?"
    rf"|(?<=\)\$),?\s+{WISE}(?=\s*(?:[.,;]|and\b|$))"
    rf"|{WISE}(?=\s+(?:activation|nonlinearity|sigmoid|logistic|differentiable|smooth)))",
    re.IGNORECASE,
)
AN_INTEGER = r"an?\s+(?:integer|whole number)"
WHOLE = re.compile(  # a number 1, 2, …, in words
    rf"\$\s*(\w)\s*(?:\\geq?|≥)\s*1\s*\$\s+(?:be|is)\s+{AN_INTEGER}\b|{AN_INTEGER}\s+\$\s*(\w)\s*(?:\\geq?|≥)\s*1\s*\$"
    r"|\$\s*(\w)\s*\$\s+(?:be|is)\s+a\s+positive\s+(?:integer|whole\s+number)\b"
)
OTHER = re.compile(r"\bindependent of (?:each other|one another)\b|\b(?:mutually|jointly) independent\b")


def clauses(sentence: str) -> list[str]:
    """The sentence, in two where its end is about other names: what is random there is not random here."""
    for cut in CLAUSE.finditer(sentence):
        before, after = sentence[: cut.start()], sentence[cut.end() :]
        said = CHANCE.search(before), CHANCE.search(after)
        # “Let w and x be random” is one clause: what comes before has no verb of its own.
        if bool(said[0]) != bool(said[1]) and (said[0] or re.search(VERB, before)):
            return [f"{before}.", *clauses(f"Let {after}")]
    return [sentence]


def usual(sentence: str) -> str:
    """x_1, …, x_n as x_i for i = 1, …, n; vectors by their entries; softmax and Bernoulli in words."""
    sentence = WHOLE.sub(lambda m: rf"${m[1] or m[2] or m[3]} = 1, 2, \dots$", sentence)
    sentence = SOFTMAX.sub(_softmax, ENTRYWISE.sub("", sentence))
    sentence = MATRIX_ROWS.sub(_by_vectors, DEPENDS.sub(r"is a function of\1", sentence))
    sentence = OTHER.sub("independent", sentence)
    sentence = NORMAL.sub(_normal, BERNOULLI.sub(_bernoulli, sentence))
    sentence = ENTRIES.sub(
        lambda m: rf"${m['whole']} \in \mathbb{{R}}^{{{m['long'] or m['short']}}}$", sentence
    )
    return LISTED.sub(lambda m: _listed(m, sentence), sentence)


def arguments(text: str) -> str:
    """f(x_1, …, x_n) as f(x), wherever it stands."""
    return ARGUMENTS.sub(r"(\g<name>)", text)


def _by_vectors(said: re.Match[str]) -> str:
    """A matrix with its rows or columns, by entries: X_{ij} is entry j of x_i."""
    which = said["before"] or said["after"]
    if which is None:
        return said[0]
    at, count, size = ("ij", said["n"], said["d"]) if which == "rows" else ("ji", said["d"], said["n"])
    matrix, x, shape = said["matrix"], said["x"], rf"{said['n']} \times {said['d']}"
    return (
        rf"${matrix} \in \mathbb{{R}}^{{{shape}}}$ and ${x}_i \in \mathbb{{R}}^{{{size}}}$"
        rf" for $i = 1, \dots, {count}$ with ${matrix}_{{{at}}} = {x}_{{ij}}$"
    )


def _listed(listed: re.Match[str], sentence: str) -> str:
    if re.search(r"\\in\b", listed["said"]):  # read as it stands
        return listed[0]
    formulas = " ".join(re.findall(r"\$([^$]+)\$", sentence))
    taken = set(re.findall(r"[A-Za-z]", re.sub(r"\\[A-Za-z]+", " ", formulas)))
    end = listed["long"] or listed["short"]
    used = set(AT.findall(formulas)) - {end}
    # Where the sentence goes on with E[X_i], its i is meant.
    index = used.pop() if len(used) == 1 else next((c for c in "ijklmnpqrst" if c not in taken), "i")
    return rf"${listed['name']}_{index} {listed['said']}$ for ${index} = 1, \dots, {end}$"


def _softmax(said: re.Match[str]) -> str:
    index, other = [c for c in "kjilm" if c not in (said["of"], said["by"])][:2]
    of, by = said["of"], said["by"]
    return rf"${of}_{index} = \frac{{e^{{{by}_{index}}}}}{{\sum_{other} e^{{{by}_{other}}}}}$"


def _normal(said: re.Match[str]) -> str:
    mean, variance = said["mean"] or "0", said["variance"] or "1"
    law = said["law"] or rf"\mathcal{{N}}({mean}, {variance})"
    name, at, ends = said["name"].strip("$").partition("$")
    how = " be independent" if said["how"] else ""
    return rf"${name} \sim {law}${at + ends + '$' if at else ''}{how}"


def _bernoulli(said: re.Match[str]) -> str:
    chance = said["bracket"] or said["chance"] or said["parameter"]
    how = " be independent" if said["how"] else ""
    return rf"${said['name']} \sim \mathrm{{Bernoulli}}({chance})${how}"
