"""Whether a clause that supposes something is read whole: every word of it, and how the words go together.

A word that is known alone may say something else where it stands: in “some $x_i$”, “the logit of $p$ is
positive” or “independent given $Z$”. So each word is put into a class, and the classes must follow one
another as in the sentences that `lets` reads; every other clause is refused.
"""

from __future__ import annotations

import re

from ..statement.given import OF_MATRICES
from . import randomness
from .latex import ReadError

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
TELLING = ("simplex", "matrix", "vector", "logistic", "layer")  # kinds that may also only describe a name
FULL_RANK = r"full (?:column |row )?rank"
CLASSES = {
    "D": "a an the any all each every its our their this these both",
    "A": """
        activation actual affine arbitrary corresponding current data deep dimensional encoded
        feedforward fixed generic given ground hidden initial neural new observed old optimal output
        predicted previous real regularised regularized scalar single squared standard stochastic
        strictly total training true truth usual valued weighted""",
    "N": """
        action activations algorithm array arrays batch bias biases channel channels class classes
        classification classifier coefficient coefficients column columns component components constant
        constants convolution coordinate coordinates cross dataset decay depth descent dimension
        dimensions dropout embedding embeddings entries entry epoch epochs estimator estimators example
        examples factor factors feature features filter filters function functions g gate head heads
        hyperparameter hyperparameters image images index indices input inputs instance instances
        intercept iteration iterations keep kernel kernels label labels lasso learning length level
        levels logit logits mask masks method minibatch model momentum name network networks neuron noise
        number numbers objective optimisation optimiser optimization optimizer outputs parameter
        parameters penalty per-example per-sample pixel pixels point points pooling prior priors problem
        problems rate reals regression response responses reward ridge row rows rule sample samples
        scalars scale scales schedule score scores sequence set signal size sizes state states step steps
        strength student superscript superscripts target targets temperature term terms time token tokens
        unit units value values variable variables velocity vocabulary weight weights width""",
    "Q": """
        average cost costs derivative derivatives divergence entropy equation error errors expression
        expressions gradient gradients hinge jensen kl likelihood likelihoods loss losses mean means
        posterior prediction predictions slope smoothing softmax solution squares variance variances adam""",
    "X": "again also furthermore moreover now that then throughout we words",
    "B": "be is are",
    "H": "has have having",
    "T": "denote denotes",
    "O": "of in",
    "P": "after at about between following from on to over",
    "Y": "by",
    "Z": "as called",
    "W": "with where",
    "F": "for",
    "&": "and",
    "L": """
        let suppose assume assuming consider write define recall remember note since because using here
        fix take pick choose""",
}
CLASS = {word: kind for kind, words in CLASSES.items() for word in words.split()}
PHRASES = [
    *((pattern, "K") for pattern, _ in KINDS),
    *((pattern, "I") for pattern in (*randomness.WORDS, FULL_RANK)),
    (r"square(?= K)", "A"),
    (r"such that", "W"),
    (r"(?:given|defined) by", "Z"),
    (r"(?:two|three)(?= (?:real |K )*(?:K|numbers|functions|weights|points))", "D"),
    (
        r"unit(?= K)|constant(?= (?:\w+ )*functions?)|for (?:example|instance)",
        "U",
    ),  # they say more than they seem to
    (r"least(?= squares)|mean(?= squared)", "A"),
]
CHANCE_OF = re.compile(r"\bwith (?:an? |the )?probabilit(?:y|ies)\s*$")  # “with probability $p$”
PROPER = re.compile(r"(?<=\b(?:of|by) )[A-Z][a-zé]+(?:['’]s)?\b|\b[A-Z][a-zé]+['’]s\b")  # of Adam, Jensen's
SHAPE = re.compile(r"(?!.*(?:\\in\b|[=:])).*\\times", re.S)  # an $N \times n$ matrix
LENGTH = re.compile(r"\b(?:of )?(?:length|size|dimension) §")
NOUNS = "D?[AKINQ]+"
NP = f"{NOUNS}(?:[PO]{NOUNS})*"
OF = "(?:OD?[AKN]*M)"  # independent of the inputs $x$
NAMED = f"Y?(?:(?:{NP}|D)[BZ]*)?M(?:[BT]?{NP}{OF}?|{OF})?"
ITEM = f"(?:{NAMED}|(?<!F){NP}{OF}?)"  # “for positive weights” restricts, and nothing reads it
WHOLE = re.compile(f"(?:F{NAMED}(?=C?L))?[LTWFC&]*{ITEM}(?:[C&WFH]+L?F?{ITEM})*C*")


class UnknownWord(ReadError):
    """A sentence that supposes something says something that is not understood."""


def demand_whole(sentence: str) -> None:
    """Raises UnknownWord for a word that is not known, and for words that do not go together as is known."""
    text = re.sub(r"\\[a-z]+", " ", _marked(sentence))
    kinds = ""
    for word in re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*|[§×&,;:(.]", text):
        kind = _kind(word)
        if not kind:
            raise UnknownWord(
                f"The word “{word}” is not understood in a sentence that supposes something: say it by a "
                "formula, or leave it out if it says nothing."
            )
        kinds += kind.replace("X", "")
    if "M" not in kinds and "superscript" not in text:
        raise UnknownWord("It names no letter: say of which letters it is meant.")
    if not WHOLE.fullmatch(kinds) and "superscript" not in text:
        raise UnknownWord(
            "It is not understood how the words of this sentence go together: say one thing in a sentence, "
            "as in “Let $x > 0$” or “Let $X$ and $Y$ be independent”."
        )


def _marked(sentence: str) -> str:
    """The sentence in small letters, § for a formula, and the class of each phrase of several words."""
    end, text = 0, ""
    for span in MATHS.finditer(sentence):
        before = sentence[end : span.start()]
        text += before
        if CHANCE_OF.search(before.lower()):
            raise UnknownWord("What happens with some probability is not read: say the mean or the law.")
        text += " × " if SHAPE.match(span[0]) else " § "
        end = span.end()
    text = PROPER.sub("adam", text + sentence[end:]).lower()
    text = re.sub(r"^ *(?:given|set)\b", "let", text)
    text = LENGTH.sub(" ", " ".join(text.split()))
    text = re.sub(r"§ ?-(?=dimensional)", "", text)
    for pattern, kind in PHRASES:
        text = re.sub(rf"(?<![\w-])(?:{pattern})(?![\w-])", f" {kind} ", text)
        text = " ".join(text.split())
    return text


def _kind(word: str) -> str:
    """The class of a word: that of a compound if all its parts describe; "" for none."""
    if word in ("§", "×"):
        return "M" if word == "§" else "A"
    if word in ",;:(.":
        return "C"
    if len(word) == 1 and word in "KIUWZDA&":
        return word
    parts = [CLASS.get(part, "") for part in ([word] if word in CLASS else word.split("-"))]
    return parts[0] if len(parts) == 1 else "N" * all(part in ("A", "N", "Q") and part for part in parts)
