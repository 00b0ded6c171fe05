"""Oracle: values worked out by hand with the math module, and the notation's own contract."""

from __future__ import annotations

import math

import pytest
from sympy import IndexedBase, Integer, Symbol

from helpers import notation
from helpers.course import ContentError, _notation
from helpers.notation import a, bce, entropy, k, n, sigma, softmax, softplus, zk
from helpers.proof import Given, Partial, Verdict, check, unfold


@pytest.mark.parametrize("u", [-3.0, -0.2, 0.0, 0.9, 4.0])
def test_named_functions_have_their_values(u):
    assert float(unfold(sigma(u))) == pytest.approx(1 / (1 + math.exp(-u)))
    assert float(unfold(softplus(u))) == pytest.approx(math.log(1 + math.exp(u)))


def test_losses_have_their_values():
    assert float(unfold(bce(1, 0.8))) == pytest.approx(-math.log(0.8))
    assert float(unfold(bce(0.25, 0.8))) == pytest.approx(-0.25 * math.log(0.8) - 0.75 * math.log(0.2))
    assert float(unfold(entropy(0.25))) == pytest.approx(-0.25 * math.log(0.25) - 0.75 * math.log(0.75))
    assert float(unfold(bce(0.25, 0.25))) == pytest.approx(float(unfold(entropy(0.25))))


def test_softmax_entries_have_their_values():
    scores = IndexedBase("z", shape=(Integer(3),), real=True)
    logits = {scores[1]: 0.3, scores[2]: -1.0, scores[3]: 2.0}
    second = unfold(softmax(scores)(2)).doit().subs(logits)
    assert float(second) == pytest.approx(math.exp(-1.0) / sum(map(math.exp, logits.values())))
    assert "z" in str(unfold(softmax(zk)(k)))


def test_named_functions_unfold_in_checks():
    y, u = notation.y, notation.u
    given = Given(domain={y: "unit"})
    assert check(Partial(bce(y, sigma(u)), u), sigma(u) - y, given).verdict is Verdict.PROVED
    assert check(Partial(bce(y, sigma(u)), u), y - sigma(u), given).verdict is Verdict.REFUTED


def test_sizes_are_positive_and_indices_are_not_assumed_to_be():
    # An index that is assumed positive could be compared with 0 and simplified behind the reader's back.
    for entry in notation.NOTATION.values():
        if entry.shape == "size":
            assert entry.symbol.is_integer
            assert entry.symbol.is_positive
        if entry.shape == "index":
            assert entry.symbol.is_integer
            assert entry.symbol.is_positive is None


def test_the_entries_name_what_the_module_holds():
    for name, entry in notation.NOTATION.items():
        assert getattr(notation, name) is entry.symbol
        assert entry.meaning
        assert entry.latex
    named = {name for name, value in vars(notation).items() if isinstance(value, Symbol | IndexedBase)}
    assert named <= set(notation.NOTATION)


def test_no_two_letters_are_drawn_alike_but_arrays_over_samples_and_classes():
    shown = {}
    for entry in notation.NOTATION.values():
        shown.setdefault(entry.latex, []).append(entry.name)
    assert {tuple(names) for names in shown.values() if len(names) > 1} == set()


def test_an_output_is_positive():
    assert a.is_positive


# ---------------------------------------------------------------- entries that say something wrong
ROW = {"name": "q", "is": "index", "text": "q", "latex": "q", "meaning": "class"}


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"is": "letter"}, "q in the notation: “is” must be one of size, index"),
        ({"is": "array", "shape": "n × P"}, "“shape” names sizes that stand before it"),
        ({"is": "function"}, "its formula must define one function"),
        ({"is": "function", "latex": "f(u) = 2^{u"}, "q in the notation: .*f\\(u\\)"),
    ],
)
def test_a_wrong_entry_is_refused(changed, words):
    assert _notation._object(ROW, {}) == Symbol("q", integer=True)
    with pytest.raises(ContentError, match=words):
        _notation._object({**ROW, **changed}, {"n": n})


def test_texts_know_the_same_functions():
    known = {m.word: m.value for m in notation.of_texts().meanings if m.function}
    assert known == {"sigma": sigma, "softplus": softplus, "bce": bce}
    assert "omega" not in dir(notation)
    with pytest.raises(AttributeError, match="no attribute 'omega'"):
        _ = notation.omega
