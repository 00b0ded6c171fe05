"""Prose taken apart: which sentence supposes, which claims, and which only tells.

“Then $A = B$” is a row like any other, and so is “the gradient is $A = B$”. What stands in a sentence that
neither supposes nor claims is not dropped without a word: `told` holds it, and a row that seems false is not
refuted if such a sentence speaks of its names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

LET = re.compile(
    r"^\s*(?:let|suppose|assume|given|write|with|where|here|for|define|denote|set|consider|assuming|throughout"
    r"|(?:fix|take|pick|choose)(?= (?:an? |any |some |arbitrary |all |the )*(?:\w+ )?(?:\w+ )?\$)"
    r"|we (?:write|assume|suppose|fix|let|define|denote)|it is assumed"
    r"|(?:note|recall|remember) that|(?:es )?sei(?:en)?|angenommen|soit|soient|supposons|sean?|sia|siano)\b",
    re.I,
)
BESIDE_ROWS = re.compile(r"^\s*(?:where|here)\b", re.I)  # they explain rows, and may also only tell
SAYS = re.compile(
    r"\b(?:let|suppose|assume|where|given|define|denote|with|since|because|functions? of|depends)\b", re.I
)
RESTRICTS = re.compile(r"\b(?:for|if|when|where|with|under|given|assuming|provided)\b", re.I)
FROM_HERE = re.compile(  # what they suppose is supposed of the rows after them
    r"^\s*(?!where\b|here\b|with\b|throughout\b)",
    re.I,
)
LOCAL = re.compile(  # “For $x > 0$,”
    r"^\s*for\b(?! (?:all|every|each|any|this|these|the|our|its)\b)", re.I
)
ENDS = re.compile(  # “Dropping this assumption,”
    r"\b(?:drop\w*|lift\w*|relax\w*|remov\w*|without|no longer)\b[^$]{0,60}"
    r"\b(?:assum\w*|condition|restriction)\b",
    re.I,
)
HEDGE = re.compile(  # it holds only roughly, or by something that nothing reads
    r"\b(?:approximately|roughly|to (?:first|second|leading|lowest) order|up to (?!\$)|ignor\w+|neglect\w+"
    r"|drop(?:ping)?|omit(?:ting)?|at the origin|standardi\w+|equally|exactly one|only one|all but"
    r"|in expectation|on average|almost surely|asymptotic\w*|independen\w+|(?:un)?correlated|(?:non)?negative"
    r"|positive|binary|one-hot|normali[sz]ed|integers?|symmetric|orthonormal|without|except\w*|unless"
    r"|at (?:the|an?|its) (?:minim|maxim|optim|stationary|critical)\w*|vanish\w*|for simplicity|special case"
    r"|restrict\w*|distinct|identical\w*|w\.?l\.?o\.?g|small|large)\b",
    re.I,
)
ABOUT_ROWS = (
    "answer|claim|derivative|equation|exercise|following|formula|goal|gradient|hessian|idea|identity|jacobian"
    "|line|problem|proof|question|result|row|rule|slope|solution|step|task|term"
)
DECLARES = re.compile(  # “The weights are tied.”: it may suppose something of letters that it does not name
    r"^\s*(?:the|its|their|they|all|both|each|every|there|these|those|exactly|only|no|our)\b"
    rf"(?! (?:[a-z-]+ ){{0,2}}(?:{ABOUT_ROWS})s?\b)"
    r"[^:]{0,80}\b(?:(?:is|are|has|have)\s+(?!\$)[a-z]{2}|sums?|coincides?|equals?|keeps?|predicts?)[^:$]*$",
    re.I,
)
CONNECTIVES = "then|hence|thus|therefore|consequently|so|accordingly"
VERBS = "get|gets|have|has|obtain|obtains|find|finds|see|conclude|deduce|compute|read off"
FOLLOWS = "gives|yields|implies|means"
CLAIM = re.compile(
    r"^\s*(?:and|but|now|finally|also|again|similarly|likewise)?,?\s*"
    rf"(?:{CONNECTIVES}|it (?:follows|holds)|we (?:\w+ )?(?:{VERBS})|one (?:{VERBS})|(?:this )?(?:{FOLLOWS})"
    rf"|this is|which (?:{FOLLOWS})|that is|i\.e\.)(?!\w)",
    re.I,
)
STATES = re.compile(
    rf"\b(?:is|are|reads|becomes|equals|{FOLLOWS}|that|get|obtain|have|find|compute|and|also|moreover"
    rf"|furthermore|similarly|likewise|finally|next|{CONNECTIVES})\b[\s,:]*"
    r"(?:just |simply |also |then |now )?$|:\s*$",
    re.I,
)
SUPERSCRIPTS = re.compile(r"superscripts? (?:are|be|count|mean|denote) (?:the )?layers?", re.I)
SHALL = re.compile(r"\b(?:setting|set|solving|solve|require|requiring|demand)\b[\s,:]*$", re.I)
ZEROED = re.compile(  # “Setting the gradient to zero:”, “At the minimum the slope vanishes:”
    r"\b(?:set|sets|setting|put|putting|equat\w+)\b[^$]*\b(?:zero|0)\b|\bvanish\w*"
    r"|\b(?:is|are|be|to|equals?) (?:zero|0)\b(?!-)|\bnormal equations?\b"
    r"|\b(?:optimality|stationarity|first[- ]order) conditions?\b",
    re.I,
)
GOAL = re.compile(
    r"(?<!can )(?<!may )(?<!could )\b(?:show|prove|verify|want|wish|goal|aim|minimi\w+|maximi\w+"
    r"|claim(?!\s*\(?\w{0,3}\)?[:.]))\b",
    re.I,
)
ONLY = re.compile(
    r"\b(?:for|if|iff|exactly|precisely|when|whenever|unless|provided|provided that|at|in case|only if)\s*$",
    re.I,
)
ASIDE = re.compile(
    r"\b(?:since|because|as|using|use|where|with|by|given|(?:fact|identity|property|rule)(?: that)?),?\s*$",
    re.I,
)
NAMED_SO = re.compile(  # “Denote by $\\mu$ the mean of $X$, so $E[X] = \\mu$” says the same again
    r"^(\s*(?:we )?denote\b(?=[^.]*\b(?:mean|variance|expectation|expected value)\b)[^.]*?\$),? so (?=\$)",
    re.I,
)
FOREIGN = re.compile(r"[\u0400-\u052f\u0590-\u06ff\u0900-\u097f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
LABEL = re.compile(
    r"^(?!.*\b(?:given|assum\w*|suppos\w*|let|defin\w*|known|hypothes\w*|want\w*|show\w*|goal|set\w*"
    r"|constraints?|subject|if|unless|case|when\w*|for|only|substitut\w*|examples?|not|wrong|false|where)\b)[^:]*:\s*$",
    re.I,
)
MATHS = re.compile(r"\$([^$]+)\$|\\\((.+?)\\\)", re.S)
RELATION = re.compile(r"[=<>≤≥]|\\(?:le|ge|leq|geq|lt|gt|leqslant|geqslant)\b")
NO_CLAIM = re.compile(
    r"\\(?:[lc]?dots|in|sim)\b|^(?!.*\\lim).*\\to\b", re.S
)  # a range, a domain, a law, a limit
CASE = re.compile(  # “If $i = j$,”, “Case 2: $i \\ne j$.”, “for $i \\neq j$ we have:”
    r"^\s*(?:[\w.()]{1,4}\s+)?(?:(?:now|and|next|otherwise),?\s+)?"
    r"(?:(?:consider (?:the )?)?(?:\w+\s+)?case\b[^$]{0,20}|if|when|for|in case)\s*(?:(?:that|where)\s+)?"
    r"\$(?P<when>\s*[a-z]'?\s*(?:=|\\neq?\b|\\not\s*=)\s*[a-z]'?\s*)\$[^$]*$",
    re.I,
)
INEQUALITY = re.compile(r"[<>≤≥]|\\(?:le|ge|leq|geq|lt|gt|leqslant|geqslant|neq?)\b|^\s*\w\s*=\s*-?\d+\s*$")
WHEN = re.compile(  # “If $x > 0$, then”, “For $z < 1$:”, “Case 2: $x > 0$ and $y > 0$.”
    r"^\s*(?:(?:now|and|next|otherwise|while|but|similarly|also|moreover|finally),?\s+)*"
    r"(?:(?:consider (?:the )?)?(?:\w+\s+)?case\b[^$]{0,20}|if|when|for|in case)\s*"
    r"(?:(?:that|where|all|any|every|each)\s+)?(?=\$)",
    re.I,
)
LISTED = re.compile(r"\s*\$([^$]+)\$(\s*,?\s*and\b|\s*,)?")
MORE = re.compile(r"\s*,?\s*and\s+\$[^$]*\$(?!\s*,?\s*(?:for|if|when))", re.I)
SUPPOSES_SO = re.compile(r"\b(?:if|when|whenever|provided|assuming|unless|as long as)\b", re.I)
THEN = re.compile(r"\$\s*,?\s*(?:then|we|it|this)\b", re.I)
LEADS_ON = re.compile(
    rf"(?:[\s,:]|\b(?:{CONNECTIVES}|it|is|this|we|one|also|{VERBS}|{FOLLOWS})\b)*[.]?\s*$", re.I
)
EVERY = re.compile(r"\bfor (?:all|any|every|each)\s*$", re.I)
LETTERS = re.compile(r"\s*\\?[a-zA-Z]+(?:\s*,\s*\\?[a-zA-Z]+)*\s*")
TRAILING = re.compile(r"\b(?:for(?: all| any| every| each)?|if|when|whenever|provided(?: that)?)\s*$", re.I)
INTERVAL = re.compile(
    r"\s*([^<>=$]+?)\s*\\in\s*(?:\\left)?([(\[])([^,()\[\]]+),([^,()\[\]]+?)(?:\\right)?([)\]])\s*$"
)
JOINS = re.compile(
    rf"^\s*\(?\w[^$\\=]*:\s*\$|(?:^|\$)[\s,;.]*(?:and|or|but|if|for|where|with|by|as|is|are|while|when|also|{CONNECTIVES})\s+\$",
    re.I,
)
NAMES = re.compile(  # The loss is $L(w) = …$: it says what a name is
    r"^\s*(?:the|our|a|an|its|one|recall|here)\b[^$]*\b(?:is|are|be|reads|that|update|step|rule)\s*:?\s*\$\s*"
    r"(?P<name>(?:\\(?:math\w+|hat|tilde|bar)\s*\{?\s*\w\s*\}?|\\?[A-Za-z]+)(?:_\{?\w+\}?|[_^]\{[^{}$=]*\})?)"
    r"\s*(?:\([^()=]*\))?\s*:?=",
    re.I,
)
BEGINNERS = (
    "Let|For|Suppose|Assume|Given|Consider|Define|Denote|Write|Where|Then|Hence|Thus|Therefore|Consequently|So"
    "|Since|Because|By|Using|Setting|Solving|Now|From|This|It follows|Its|Finally|Similarly|Also|Note|Recall"
    r"|If|When|Show|Prove|Verify|Derive|Compute|Calculate|Determine|Claim|Proof"
    rf"|We (?:\w+ )?(?:{VERBS}|show|want|prove|use|set)|The|Our|In"
)
BEGINS = re.compile(rf"^\s*(?:{BEGINNERS})\b[^=<>_^\\\\]*\$")
SENTENCES = re.compile(
    rf"(?<=[.:;!?])\s+(?=(?:{BEGINNERS})\b)|(?<=[\w}})$][$a-z)][.:;])\s+(?=[A-Z][a-z]* )"
    r"|(?<=:)\s+(?=(?:let|suppose|assume|consider|we have|we get)\b)"
)
CLAUSES = re.compile(
    r"[,;]?\s+(?=(?:and|while|but|whereas) (?:for|if|when) \$)"
    r"|[,;]\s+(?=(?:for|if|when) \$[^$]*\$,? (?:then|we|it)\b)|"
    rf"[,;]?\s+(?=(?:and )?(?:{CONNECTIVES}|which (?:{FOLLOWS}))\b(?! that)[^$]{{0,40}}(?:\$|$))"
    r"|,\s+(?=(?:where|since|because)\b)"
    rf"|(?<=\$),?\s+(?=(?:(?:we|one) (?:\w+ )?(?:{VERBS})|it (?:follows|holds))\b[^$]{{0,40}}\$)"
)
BESIDE = re.compile(r"[,;]?\s+(?=(?:with|where|given)\s+[^$]{0,30}\$)")
UNFINISHED = re.compile(
    r"(?:,|\b(?:and|or|with|where|be|is|are|by|of|the|a|an|for|that|as|in|to|on|let|has|have|hence|then|so|thus"
    rf"|therefore|since|because|using|when|if|{VERBS}|{FOLLOWS}))\s*$"
)
BULLET = re.compile(
    r"^([ \t]*)(?:[-*+•][ \t]+|\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)][ \t]+)(?=\$|\\\(|[A-Z*])", re.M
)
STRONG = re.compile(  # words in bold, with the formulas among them, and no x**2 + y**2
    r"(?<![\w*)\]}])(\*\*|__)(?=[^\W\d_]|[$(“\"]|\d{1,2}[.):])((?:\$[^$\n]*\$|[^*$\n])+?)(?<!\s)\1(?![\w*])"
)
FENCED = re.compile(r"(?m)^[ \t]*(```+|~~~+)[ \t]*(\w*)[^\n]*\n(.*?)(?:^[ \t]*\1[ \t]*$|\Z)", re.S)
TAG = re.compile(  # of a page: <br>, <span style="…">
    r"</?(?:br|hr|div|span|center|details|summary|strong|em|font|sub|sup|ul|ol|li|h[1-6])"
    r"(?:\s+[\w-]+\s*=\s*(?:\"[^\"]*\"|'[^']*'))*\s*/?>",
    re.I,
)
TICKED = re.compile(r"\$`([^`$\n]+)`\$")  # as some hosts write formulas within a line
LETTER_TAG = re.compile(r"<([ubip])>((?:(?!<[ubip]>).)*?)</\1>", re.I | re.S)
SLANTED = re.compile(r"(?m)^([ \t]*)([*_])([A-Z][^*_$\n]{2,40}?)\2(?=\s|$)")
QUOTE = re.compile(r"(?m)^[ \t]*>[ \t]?(?=.*(?:\$|[A-Za-z]{3,} ))|^[ \t]*>[ \t]*$")


@dataclass
class Claim:
    """A formula of a sentence that is a row: `only` are words that say for which part it holds; `case` is the
    condition under which it holds.
    """

    source: str
    shall: bool = False
    only: str = ""
    case: str = ""


def without_marks(text: str) -> str:
    """A Markdown text without bullets, numbers of items, emphasis, quotation marks, tags and programs."""
    text = TICKED.sub(r"$\1$", LETTER_TAG.sub(r"\2", TAG.sub(" ", FENCED.sub(_of_formulas, text))))
    if "$" not in text:
        return text
    text = QUOTE.sub("", text)
    text = SLANTED.sub(r"\1\3", STRONG.sub(r"\2", text))
    return BULLET.sub(r"\1", text)


def _of_formulas(block: re.Match[str]) -> str:
    """What stands in a fenced block, unless it is a program."""
    kind, inside = block[2].lower(), block[3]
    if kind == "math" and "$" not in inside:
        return f"$${inside}$$\n"
    return inside if kind in ("", "math", "latex", "tex", "text", "markdown", "md") else ""


def joined(lines: list[str], k: int) -> tuple[str, int]:
    """The prose that begins in line `k`, with the lines that its unfinished sentence goes on in."""
    line = lines[k]
    while (
        k + 1 < len(lines)
        and "$" in line
        and (line.count("$") % 2 or not LET.match(lines[k + 1]))
        and (line.count("$") % 2 or UNFINISHED.search(MATHS.sub("x$", line)))
        and lines[k + 1].strip()
        and ("$" in lines[k + 1] or not RELATION.search(lines[k + 1]))
        and not re.match(r"\s*(?:\\begin|\$\$|\\\[|=|&)", lines[k + 1])
    ):
        k += 1
        line = f"{line.rstrip()} {lines[k].strip()}"
    return line, k + 1


def sentences(line: str) -> Iterator[str]:
    """The sentences of a line, cut where another begins that supposes or claims."""
    for sentence in SENTENCES.split(NAMED_SO.sub(r"\1 with ", line.strip())):
        yield from (piece.strip() for piece in CLAUSES.split(sentence) if piece and piece.strip())


def is_claim(sentence: str) -> bool:
    """Whether a line is a sentence though it has few words: “Then $a = b$.”"""
    return "$" in sentence and bool(CLAIM.match(sentence) or BEGINS.match(sentence) or CASE.match(sentence))


def hedge(words: str) -> str:
    """Why a row beside these words is not refuted, if they say how far it holds; "" if they do not."""
    plain = MATHS.sub("$", words)
    if not HEDGE.search(plain) and not DECLARES.match(plain):
        return ""
    said = f"It may hold only by “{words[:80].strip()}”, which is not read"
    return f"{said}: say it in a line that begins with “Let”."


def case(sentence: str, after: str, several: bool) -> tuple[str, str] | None:
    """What a sentence such as “If $x > 0$, then $A = B$” supposes, and its rest; None for any other one.

    `after` is the sentence that follows: before “then …” it supposes all that it says. A “for” that leads to
    no claim supposes it for the whole text, unless `several` cases are told apart.
    """
    if found := CASE.match(sentence):
        return found["when"].strip(), ""
    head, listed = WHEN.match(sentence), []
    end = head.end() if head else 0
    claimed = bool(CLAIM.match(after))
    closed = claimed or THEN.search(sentence) is not None
    while head and (one := LISTED.match(sentence, end)):
        if not (condition(one[1]) or (closed and equates(one[1]))):
            break
        listed.append(one)
        end = one.end()
    rest = sentence[end:]
    if len(listed) > 1 and not closed and not rest.strip(" .") and "and" not in (listed[-2][2] or ""):
        rest = f"${listed.pop()[1]}$"  # “For $x > 0$, $e^x > 1$.”
    elif listed and "and" in (listed[-1][2] or ""):
        return None  # “If $a > 0$ and $b$ …”
    plain = LEADS_ON.match(rest)
    if (
        not listed
        or supposes(rest)
        or not ("$" in rest or (plain and (several or claimed or not re.match(r"\s*for\b", sentence, re.I))))
    ):
        return None
    return ", ".join(condition(one[1]) or one[1].strip() for one in listed), rest if "$" in rest else ""


def equates(source: str) -> bool:
    """Whether a formula says what a letter is, as in P = (F - 1)/2."""
    return bool(re.match(r"\s*\\?\w+\s*=[^=]+$", source)) and not NO_CLAIM.search(source)


def condition(source: str) -> str:
    """What a formula says if it says for which numbers something holds, x \\in (0, 1) as two inequalities."""
    if found := INTERVAL.match(source):
        name, opens, low, high, closes = found.groups()
        ends = (low, "<" if opens == "(" else r"\le ", name), (name, "<" if closes == ")" else r"\le ", high)
        return ", ".join("".join(end) for end in ends if not any("infty" in part for part in end))
    return source.strip() if INEQUALITY.search(source) and not NO_CLAIM.search(source) else ""


def joins(line: str) -> bool:
    """Whether a line has a word between its formulas: “$a = b$ and $c = d$”."""
    return "&" not in line and "$$" not in line and bool(JOINS.search(MATHS.sub("$", line)))


def is_goal(sentence: str) -> bool:
    """Whether a sentence says what is to be shown, or what is to be made small: no hypothesis, no claim."""
    return bool(GOAL.search(MATHS.sub(" ", sentence)))


def is_reason(sentence: str) -> bool:
    """Whether a sentence gives a reason: “since $Σ y = 1$” may add a hypothesis, and defines nothing."""
    return bool(re.search(r"\b(?:since|because)\b", MATHS.sub(" ", sentence), re.I))


def gives_reason(sentence: str) -> bool:
    """Whether a sentence only says what is used, as in “Using $Σ y = 1$ we get”: that is supposed."""
    return bool(re.match(r"\s*(?:\w+,?\s+)?(?:using|by|use)\b", sentence, re.I)) and sentence.count("$") == 2


def supposes(sentence: str) -> bool:
    """Whether a sentence supposes something in the middle: nothing of it is claimed then."""
    return bool(re.search(r"\b(?:let|suppose|assume|define|denote)\b", MATHS.sub(" ", sentence), re.I))


def names(sentence: str, before: str) -> bool:
    """Whether a sentence says what a name is that the text `before` it has not said."""
    found = NAMES.match(sentence)
    return bool(found) and not re.search(re.escape(found["name"]) + r"\s*(?:\([^()=]*\))?\s*&?\s*=", before)


def is_label(words: str) -> bool:
    """Whether words only say what the formula after them is, as in “Gradient:” or “2. By the chain rule:”."""
    return bool(LABEL.match(MATHS.sub(" ", words)))


DERIVES = re.compile(r"'|\\prime\b|\\(?:partial|nabla)\b|\\frac\s*\{?\s*d\b")


def is_about(formula: str, before: str) -> bool:
    """Whether a formula is a claim about what the text `before` it defines, or about a slope.

    A reason such as “using $σ' = σ(1 - σ)$” can then be judged; “using $Σ y = 1$” supposes something.
    """
    left = RELATION.split(formula)[0].strip(" :")
    return bool(left) and bool(DERIVES.search(left) or re.search(re.escape(left) + r"\s*&?\s*:?=", before))


def claims(sentence: str, before: str = "") -> tuple[list[Claim], list[str]]:
    """The formulas of a sentence that are rows, and what of it may suppose something."""
    sentence, *beside = BESIDE.split(sentence, maxsplit=1)
    found: list[Claim] = []
    asides: list[str] = beside
    leads = bool(CLAIM.match(sentence))
    end, only, since, pending = 0, "", 0, ""
    for span in MATHS.finditer(sentence):
        source, words = span[1] or span[2], sentence[end : span.start()]
        end = span.end()
        if EVERY.search(words) and LETTERS.fullmatch(source):  # for all $x, y$
            asides.append(f"for all ${source}$")
        limits = condition(source) if TRAILING.search(words) else ""
        if not limits and (not RELATION.search(source) or NO_CLAIM.search(source)):
            continue
        if SHALL.search(words) and not re.match(r"\s*(?:if|when)\b", sentence, re.I):
            found.append(Claim(source, shall=True))
        elif limits and MORE.match(sentence, end):  # if $S = 1$ and $P = 0$: a condition, or another claim?
            only = f"{words.split()[-1]} ${source}$"
        elif limits and any(not claim.case for claim in found[since:]):  # $A$ and $B$ for $x > 0$
            for claim in found[since:]:
                claim.case = limits
            since, pending = len(found), ""
        elif limits:  # for $x > 0$, $A$
            pending = limits
        elif ONLY.search(words) or SHALL.search(words):
            only = f"{words.split()[-1]} ${source}$"
        elif (ASIDE.search(words) or is_label(sentence[: span.start()])) and is_about(source, before):
            found.append(Claim(source))
        elif ASIDE.search(words):
            asides.append(f"where ${source}$")
        elif STATES.search(words) or leads or not words.strip(" ,;."):
            found.append(Claim(source))
        if found[since:] and pending:
            found[-1].case = found[-1].case or pending
    for claim in found:
        claim.only = only
    return found, asides
