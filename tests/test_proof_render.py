"""Oracles: the formula as a person would typeset it, and Python's parser for the plain text."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from sympy import (
    DiagMatrix,
    Expr,
    HadamardProduct,
    IndexedBase,
    Lambda,
    Limit,
    MatrixSymbol,
    Product,
    Rational,
    Sum,
    exp,
    expand,
    log,
    oo,
    sqrt,
    symbols,
    sympify,
)

from helpers.proof import (
    At,
    Derivation,
    Given,
    Partial,
    RefutedStep,
    Result,
    UnprovedStep,
    Verdict,
    as_written,
    define,
    judge,
    recursive,
    refute,
    smooth,
)
from helpers.proof.show.formulas import latex, text, words_latex
from helpers.proof.statement.terms import settle

n, N = symbols("n N", integer=True, positive=True)
i, j, k = symbols("i j k", integer=True)
y, a, b, u, x = symbols("y a b u x", real=True)
w, v = (IndexedBase(name, shape=(n,), real=True) for name in "wv")
sigma = define("sigma", [u], 1 / (1 + exp(-u)))
act = define("a", [k], exp(w[k]))
f, df = smooth("sigma")
GIVEN = Given(sizes=(n,), free={j: (1, n)}, domain={y: "unit"})


def written(make: object) -> Expr:
    with as_written():
        return make()


def flat(formula: str) -> str:
    return re.sub(r"\\left|\\right|[{} ]", "", formula)


@pytest.mark.parametrize(
    ("make", "shown"),
    [
        (lambda: -(y - a) * w[j], "-(y-a)w_j"),
        (lambda: (a - y) * w[j], "(a-y)w_j"),
        (lambda: w[j] * (y - a), "w_j(y-a)"),
        (lambda: -(y * a + (1 - y) * b), "-(ya+(1-y)b)"),
        (lambda: y - (a - b), "y-(a-b)"),
        (lambda: -y / a - (1 - y) / (1 - a), r"-\fracya-\frac1-y1-a"),
        (lambda: a * (1 - a), "a(1-a)"),
        (lambda: b + a, "b+a"),
        (lambda: b * a * 2, "ba2"),
        (lambda: -Sum(w[i], (i, 1, n)) / n, r"-\frac\sum_i=1^nw_in"),
        (lambda: Sum(w[i], (i, 1, n)) * y, r"(\sum_i=1^nw_i)y"),
        (lambda: y * Sum(w[i], (i, 1, n)), r"y\sum_i=1^nw_i"),
        (lambda: y / 2 / a, r"\fracy2a"),
        (lambda: 3 * 2 * y, "6y"),
        (lambda: 2 * y * 3, r"2y3"),
        (lambda: Partial(y * a, a) * b, r"(\frac\partial\partiala[ya])b"),
        (lambda: sigma(y) * (1 - sigma(y)), r"\sigma(y)(1-\sigma(y))"),
        (lambda: -1 * -y, "y"),
        (lambda: a - 1 / y, r"a-\frac1y"),
        (lambda: b - 1 / (1 / y + a), r"b-\frac1\frac1y+a"),
        (lambda: sqrt(y) * -1, r"-\sqrty"),
        (lambda: (b + a) / (b - a), r"\fracb+ab-a"),
    ],
)
def test_what_is_kept_as_written_keeps_its_order(make: object, shown: str) -> None:
    assert flat(latex(written(make))) == shown


@pytest.mark.parametrize(
    ("e", "shown"),
    [
        (a - y, "a-y"),
        (-y - a, "-a-y"),
        (act(k), "a_k"),
        (f(x), r"\sigma(x)"),
        (df(x), r"\sigma'(x)"),
        (df(x) ** 2, r"\sigma'^2(x)"),
        (act(k) ** 2, "a_k^2"),
        (Limit(x, x, oo), r"\lim_xto\inftyx"),
        (Limit(1 / x, x, 0, "+"), r"\lim_xto0^+\frac1x"),
        (At(x**2, x, 3), r".x^2|_x=3"),
        (Partial(x, x) ** 2, r"(\frac\partial\partialxx)^2"),
        (HadamardProduct(MatrixSymbol("g", n, 1), MatrixSymbol("s", n, 1)), r"g\odots"),
    ],
)
def test_other_expressions(e: Expr, shown: str) -> None:
    assert flat(latex(e)).replace(r"\to", "to") == shown


def test_a_function_called_like_one_of_sympys_is_still_printed_by_name() -> None:
    """SymPy would print a function class called zeta as Riemann's."""
    assert flat(latex(define("gamma", [u], u)(x))) == r"\gamma(x)"
    v = recursive("zeta", [k], start=(k, 0), base=1, rule=lambda z: z(k - 1))
    assert flat(latex(v(k))) == r"\zeta_k"


@pytest.mark.parametrize(
    "make",
    [
        lambda: -(y - a) * w[j] / 2,
        lambda: y / a - (1 - y) / (1 - a),
        lambda: -(y + a) - (b - (a - y)) * -2,
        lambda: -Sum(w[i] * (v[i] - y), (i, 1, n)) / n + 2 * y * w[j],
        lambda: a * (b / (a * b)) ** 2,
        lambda: Product(1 - w[i], (i, 1, n)) * -(1 - y),
        lambda: -log(1 - a) * -y,
        lambda: y - 3 - (2 - y) / 4,
    ],
)
def test_plain_text_parses_back_to_what_was_judged(make: object) -> None:
    names = {"w": w, "v": v, "y": y, "a": a, "b": b, "i": i, "j": j, "n": n}
    e = written(make)
    for shown in (text(e), text(settle(e))):
        assert expand(sympify(shown, locals=names) - settle(e)) == 0


def test_a_value_at_the_letter_itself_says_no_more_than_the_formula() -> None:
    u, z = symbols("u z")
    assert latex(At(u**2, u, u)) == "u^{2}"
    assert latex(At(u**2, u, z)).endswith("_{u = z}")


@pytest.fixture
def d() -> Derivation:
    z = Sum(w[i] * v[i], (i, 1, n))
    p = sigma(z)
    d = Derivation("logistic <gradient>", Partial(-(y * log(p) + (1 - y) * log(1 - p)), w[j]), GIVEN)
    d.step(lambda: -(y / p - (1 - y) / (1 - p)) * Partial(p, w[j]), "chain rule for $\\sigma$")
    return d.step(lambda: -(y - p) * v[j], "100 % & done").qed()


def test_plain_text_has_one_line_per_step_and_no_time(d: Derivation) -> None:
    lines = repr(d).splitlines()
    assert lines[0] == "logistic <gradient>: 2 of 2 steps proved for symbolic n"
    assert lines[1] == "  given n >= 1; j = 1..n; y in (0, 1)"
    assert [line.split()[0] for line in lines[3:]] == ["proved", "proved"]
    assert lines[4].endswith("(100 % & done)")
    assert repr(d) == repr(d)
    assert not re.search(r"\d s\b|second", repr(d))


def test_markdown_is_aligned_latex_with_reasons(d: Derivation) -> None:
    shown = d._repr_markdown_()
    assert shown.count("&&") == 2
    assert r"\text{chain rule for $\sigma$ [proved]}" in shown
    assert r"100 \% \& done [proved]" in shown
    assert shown.count("$$") == 2
    assert shown.count(r"\left") == shown.count(r"\right")
    assert shown.count("{") - shown.count(r"\{") == shown.count("}") - shown.count(r"\}")


def test_html_is_complete_and_escaped(d: Derivation) -> None:
    shown = d._repr_html_()
    assert shown.startswith('<div class="syw-derivation">')
    assert shown.count('<div class="syw-step">') == 2
    assert shown.count('<span class="syw-badge syw-proved">proved</span>') == 2
    assert shown.count('<details class="syw-how">') == 2
    assert "2 of 2 steps proved for symbolic n" in shown
    assert "logistic &lt;gradient&gt;" in shown
    assert "100 % &amp; done" in shown
    assert "evaluator agrees at 24 points with sizes 1, 2, 3, 4" in shown
    assert shown.count("<div") == shown.count("</div>")
    assert shown.count("<span") == shown.count("</span>")


def test_where_an_equality_is_meant_is_shown() -> None:
    d = Derivation("pole", (x**2 - 1) / (x - 1)).step(x + 1, "cancel")
    assert d.steps[0].result.conditions == (r"x - 1 \ne 0",)
    assert r"meant where" in d._repr_html_()
    given = Given(domain={x: "positive"})
    assert Derivation("log", log(x**2), given).step(2 * log(x)).steps[0].result.conditions == ()
    branch = Derivation("log", 2 * log(x)).step(log(x) + log(x)).steps[0].result.conditions
    assert branch == (r"x \ne 0 \text{ (principal branch where negative)}",)
    root = Derivation("root", 2 * sqrt(x)).step(sqrt(x) + sqrt(4 * x) / 2).steps[0].result.conditions
    assert root == (r"x \ge 0 \text{ (principal branch where negative)}",)
    products = Derivation("factors", 1 / (n * (n - 1) * y**2), GIVEN).step(lambda: 1 / n / (n - 1) / y**2)
    assert products.steps[0].result.conditions == (r"n - 1 \ne 0",)


def test_hypotheses_are_shown() -> None:
    p = IndexedBase("p", shape=(N,), real=True)
    given = Given(
        sizes=(N,),
        free={k: (1, N)},
        domain={p: "simplex", x: (0, 2), y: lambda r: r.random()},
        facts=((Sum(p[i], (i, 1, N)), 1),),
    )
    d = Derivation("facts", p[k] * Sum(p[i], (i, 1, N)), given).step(p[k])
    for shown in (d._repr_html_(), d._repr_markdown_()):
        for piece in (
            r"N \in \{1, 2, \dots\}",
            r"k = 1, \dots, N",
            r"x \in (0, 2)",
            "summing to",
            r"\sum_{i=1}^{N} {p}_{i} = 1",
        ):
            assert piece in shown
    assert "Sum(p[i], (i, 1, N)) = 1" in repr(d)


def test_a_refused_step_prints_its_counterexample() -> None:
    d = Derivation("square", Sum(w[i], (i, 1, n)) ** 2, Given(sizes=(n,)))
    message = r"Step 1 of 'square' \(wrong\) is false at n = 2, w\[1\] = -?"
    with pytest.raises(RefutedStep, match=message) as caught:
        d.step(Sum(w[i] ** 2, (i, 1, n)), "wrong")
    assert caught.value.result.verdict is Verdict.REFUTED
    assert d.steps == ()


def test_qed_needs_proofs_unless_the_derivation_is_numeric() -> None:
    left, right = Sum((-1) ** (i**2), (i, 1, n)), Sum((-1) ** i, (i, 1, n))  # by parity only
    with pytest.raises(UnprovedStep, match="Step 1 of 'parity' is only checked"):
        Derivation("parity", left, Given(sizes=(n,))).qed(right)
    d = Derivation("parity", left, Given(sizes=(n,)), numeric=True).qed(right)
    assert d.closed
    assert d.verdict is Verdict.CHECKED
    assert "declared numeric" in repr(d)
    assert "syw-checked" in d._repr_html_()
    with pytest.raises(UnprovedStep, match="no step"):
        Derivation("empty", x).qed()


def test_the_target_becomes_a_step_that_is_checked() -> None:
    d = Derivation("square", (x + 1) ** 2).qed(x**2 + 2 * x + 1)
    assert len(d.steps) == 1
    assert len(Derivation("same", x).step(x + 0).qed(x).steps) == 1
    wrong = Derivation("square", (x + 1) ** 2)
    with pytest.raises(RefutedStep):
        wrong.qed(x**2 + 1)


def test_a_refutation_shows_both_values_and_the_point() -> None:
    result = refute(x**2, x)
    assert repr(result) == "refuted: at x = -1: left side 1, right side -1"
    shown = result._repr_html_()
    assert shown.count("<td>") == 3
    assert "x = -1" in shown
    assert "syw-refuted" in shown
    tight = Result(Verdict.REFUTED, {"x": 1}, 0.12345678, 0.12345679)
    assert "0.12345678, right side 0.12345679" in repr(tight)
    assert "undefined" in repr(Result(Verdict.REFUTED, {}, None, 1.0))


def test_parts_show_their_own_titles_and_hypotheses() -> None:
    d = Derivation("cases", x * y, Given(domain={y: "unit"}), title="One").step(y * x)
    d.part("Two", 2 * x, Given(domain={x: "positive"})).step(x + x)
    assert [before for before, _, _ in d.chain.links()] == [x * y, 2 * x]
    for shown in (repr(d), d._repr_markdown_(), d._repr_html_()):
        assert shown.index("One") < shown.index("Two")
    assert "given x > 0" in repr(d)


def test_a_line_can_be_judged_again_with_another_in_its_place() -> None:
    d = Derivation("quarter", Partial(sigma(u), u)).step(
        Rational(1, 4), relation="<=", gap=(sigma(u) - Rational(1, 2)) ** 2
    )
    ((before, line, place),) = d.chain.links()
    part = d.chain.parts[place]
    assert judge.line(before, line, part)
    assert judge.line(before, replace(line, expr=line.expr / 2), part).verdict is Verdict.REFUTED


def test_prose_is_escaped_outside_its_maths() -> None:
    assert words_latex("50 % of $w_j$ & more") == r"50 \% of $w_j$ \& more"
    assert words_latex("a $ sign") == "a  sign"


def test_functions_of_matrices_are_read_entry_by_entry() -> None:
    z, slope = MatrixSymbol("z", n, 1), define("f'", [u], u**2, latex="f'")
    applied = DiagMatrix(z.applyfunc(Lambda(u, slope(u)))) * z
    assert latex(applied) == r"\operatorname{diag}\left(f'\left({z}\right)\right) z"
    assert text(applied) == "diag(f'(z))*z"
    assert latex(z - z.applyfunc(Lambda(u, slope(u)))) == r"z - f'\left({z}\right)"
    assert "circ" in latex(z.applyfunc(Lambda(u, u**2)))  # z^2 would be read as a product


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (Rational("1.543404638418208"), "1.543404638418208"),
        (Rational("-0.0000001"), "-0.0000001"),
        (Rational(1, 8), "1/8"),
        (Rational(1, 3 * 10**9), "1/3000000000"),
    ],
)
def test_a_fraction_given_by_many_digits_is_a_decimal(number: Rational, shown: str) -> None:
    assert text(number) == shown


def test_a_heading_takes_the_place_of_the_name_on_a_page_only() -> None:
    d = Derivation("an.id", u, Given()).step(u + 0, "nothing changes")
    d.heading = "Nothing & more"
    assert "Nothing &amp; more" in d._repr_html_()
    assert repr(d).startswith("an.id: ")


def test_the_index_of_an_array_with_a_layer_stands_below_the_layer():
    z, w, j = IndexedBase("z^(l)"), IndexedBase("w"), symbols("j")
    assert latex(z[j]) == "z^{(l)}_{j}"
    assert latex(z[j] ** 2) == r"\left(z^{(l)}_{j}\right)^{2}"  # two exponents side by side stop TeX
    assert latex(1 / z[j] ** 2) == r"\frac{1}{\left(z^{(l)}_{j}\right)^{2}}"
    assert latex(w[j] ** 2) == "{w}_{j}^{2}"
