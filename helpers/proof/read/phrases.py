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
LISTED = re.compile(rf"\$\s*{LIST}(?P<said>[^$,]*)\$")
TURNED = r"(?:\s*\^\s*(?:\{\s*)?(?:T|\\top)(?:\s*\})?)?"
ENTRIES = re.compile(rf"\$\s*(?P<whole>{NAME})\s*=\s*[(\[]\s*{LIST}\s*[)\]]{TURNED}\s*\$")
ARGUMENTS = re.compile(rf"(?<=[A-Za-z}}])\(\s*{LIST}\s*\)")
SOFTMAX = re.compile(
    rf"\$\s*(?P<of>{NAME})\s*=\s*\\(?:mathrm|operatorname|text|textrm)\*?\s*\{{\s*softmax\s*\}}\s*"
    rf"(?:\\left)?\(\s*(?P<by>{NAME})\s*(?:\\right)?\)\s*\$"
)
BERNOULLI = re.compile(
    r"\$(?P<name>[^$]+)\$\s+(?:be|are)\s+(?P<how>(?:independent|i\.?i\.?d\.?)\s+)?"
    r"Bernoulli(?:\s+random)?(?:\s+variables?)?\s*(?:\(\s*\$(?P<bracket>[^$]+)\$\s*\)|,?\s*with\s+(?:\$\s*P\s*\([^$=]*=\s*1\s*\)\s*=\s*(?P<chance>[^$]+)\$"
    r"|(?:parameter|(?:success\s+)?probability)\s+\$(?P<parameter>[^$]+)\$))"
)
VERB = r"(?:be|are|is)\b"
NAMES = r"\$[^$]+\$(?:\s*(?:,|and)\s*\$[^$]+\$)*"
CLAUSE = re.compile(rf"[,;]?\s+and\s+let\s+|(?:[,;]?\s+and|[,;])\s+(?={NAMES}\s+{VERB})", re.IGNORECASE)
CHANCE = re.compile(r"independent|random|mean|variance|\\sim", re.IGNORECASE)


def clauses(sentence: str) -> list[str]:
    """The sentence, in two where its end is about other names: what is random there is not random here."""
    for cut in CLAUSE.finditer(sentence):
        before, after = sentence[: cut.start()], sentence[cut.end() :]
        if CHANCE.search(before) and not CHANCE.search(after):
            return [f"{before}.", *clauses(f"Let {after}")]
    return [sentence]


def usual(sentence: str) -> str:
    """x_1, …, x_n as x_i for i = 1, …, n; vectors by their entries; softmax and Bernoulli in words."""
    sentence = SOFTMAX.sub(_softmax, sentence)
    sentence = BERNOULLI.sub(_bernoulli, sentence)
    sentence = ENTRIES.sub(
        lambda m: rf"${m['whole']} \in \mathbb{{R}}^{{{m['long'] or m['short']}}}$", sentence
    )
    return LISTED.sub(lambda m: _listed(m, sentence), sentence)


def arguments(text: str) -> str:
    """f(x_1, …, x_n) as f(x), wherever it stands."""
    return ARGUMENTS.sub(r"(\g<name>)", text)


def _listed(listed: re.Match[str], sentence: str) -> str:
    if re.search(r"\\(?:sim|in)\b", listed["said"]):  # read as it stands
        return listed[0]
    formulas = " ".join(re.findall(r"\$([^$]+)\$", sentence))
    taken = set(re.findall(r"[A-Za-z]", re.sub(r"\\[A-Za-z]+", " ", formulas)))
    index = next((letter for letter in "ijklmnpqrst" if letter not in taken), "i")
    end = listed["long"] or listed["short"]
    return rf"${listed['name']}_{index} {listed['said']}$ for ${index} = 1, \dots, {end}$"


def _softmax(said: re.Match[str]) -> str:
    index, other = [c for c in "kjilm" if c not in (said["of"], said["by"])][:2]
    of, by = said["of"], said["by"]
    return rf"${of}_{index} = \frac{{e^{{{by}_{index}}}}}{{\sum_{other} e^{{{by}_{other}}}}}$"


def _bernoulli(said: re.Match[str]) -> str:
    chance = said["bracket"] or said["chance"] or said["parameter"]
    how = " be independent" if said["how"] else ""
    return rf"${said['name']} \sim \mathrm{{Bernoulli}}({chance})${how}"
