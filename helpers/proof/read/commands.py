"""Which commands and signs the grammar knows, and what those are called that it does not read."""

from __future__ import annotations

TYPED_OUT = ("log", "exp", "tanh", "ln", "max", "min", "Var", "Cov")  # functions typed without a backslash
RELATIONS = {"=", "<", ">"}
RELATION_COMMANDS = {"le", "ge", "ne", "in", "to", "coloneqq", "sim"}
FUNCTIONS = {
    *(
        "log",
        "ln",
        "exp",
        "tanh",
        "sinh",
        "cosh",
        "sin",
        "cos",
        "tan",
        "max",
        "min",
        "sgn",
        "sign",
        "tr",
        "det",
    ),
    *("diag", "erf", "arg", "relu", "ReLU", "Tr", "trace", "Var", "Cov", "E", "abs", "sqrt"),
}
OPERATORS = {
    "sum",
    "prod",
    "partial",
    "nabla",
    "lim",
    "log",
    "ln",
    "exp",
    "max",
    "min",
    "tanh",
    "sinh",
    "cosh",
}
OPERATORS |= {"sin", "cos", "tan", "det", "arg"}
ACCENTS = {"hat", "bar", "tilde", "dot", "ddot", "check", "breve", "acute"}
STYLES = {"mathcal": "cal", "mathbb": "bb", "mathfrak": "frak"}
CLOSES = {
    "(": ")",
    "[": "]",
    "{": "}",
    "lbrace": "rbrace",
    "langle": "rangle",
    "lvert": "rvert",
    "lVert": "rVert",
    "|": "|",
    "Vert": "Vert",
}
OPENS = {"(", "[", "{", "lbrace", "lvert", "lVert"}
UNREAD = {
    "int": "an integral", "iint": "an integral", "oint": "an integral", "approx": "an approximation (≈)",
    "propto": "“proportional to” (∝; = with a constant of its own says the same)",
    "Rightarrow": "an implication (⇒)",
    "Leftrightarrow": "an equivalence (⇔)",
    "leftarrow": "an assignment (←)", "gets": "an assignment (←)", "mid": "a conditional probability (|)",
    "pm": "a double sign (±)", "mp": "a double sign (∓)", "cup": "a union", "cap": "an intersection",
    "otimes": "a tensor product (⊗)", "ldots": "an ellipsis (…)", "bigcup": "a union",
    "cancel": "a crossed-out term",
    "bigoplus": "a direct sum", "binom": "a binomial coefficient",
    "infty": "infinity", "forall": "“for all” (∀)", "exists": "“there is” (∃)", "oplus": "a direct sum",
}  # fmt: skip
