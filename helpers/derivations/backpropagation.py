"""Backpropagation: the four equations from the chain rule, for layers of any sizes and any activation.

HW3 problem 2. Layer l has n units and layer l + 1 has m: z^(l+1) = W^(l+1) a^(l) + b^(l+1) and a = σ(z), with
any differentiable σ; the error is δ = ∂C/∂z. Every derivation starts from the chain rule for the layer and
works it out. Whole networks, of any depth, are in `backpropagation_network`. Entries of arrays count from 1,
those of matrices from 0.
"""

from __future__ import annotations

from sympy import DiagMatrix, Expr, HadamardProduct, KroneckerDelta, Lambda, MatrixSymbol, Sum
from sympy.matrices.expressions.matexpr import MatrixElement

from helpers.notation import N, array, bce, i, j, k, m, n, q, s, sigma, u
from helpers.proof import Derivation, Given, Partial, define, smooth

from ._registry import derivation

activation, slope = smooth("sigma")  # any differentiable function, and its derivative

# one layer and the next
z, a, g = array("z^(l)", n), array("a^(l)", n), array("g", n)  # g_j is the cost's derivative by a_j
W, b, delta = array("W^(l+1)", m, n), array("b^(l+1)", m), array("delta^(l+1)", m)
UNIT = Given(sizes=(n,), free={j: (1, n)})
LAYERS = Given(sizes=(n, m), free={j: (1, n)}, span=(2, 3, 1))
WEIGHT = Given(sizes=(n, m), free={q: (1, m), j: (1, n)}, span=(2, 3, 1))
WHOLE = Given(sizes=(n, m), span=(2, 3, 1))
after = define("z^(l+1)", (k,), Sum(W[k, i] * activation(z[i]), (i, 1, n)) + b[k])  # from this layer's z
fed = define("z^(l+1)", (k,), Sum(W[k, i] * a[i], (i, 1, n)) + b[k])  # from this layer's outputs

# the same as matrices
zm, am, gm = MatrixSymbol("z^(l)", n, 1), MatrixSymbol("a^(l)", n, 1), MatrixSymbol("g", n, 1)
Wm, bm, deltam = (
    MatrixSymbol(name, m, size) for name, size in (("W^(l+1)", n), ("b^(l+1)", 1), ("delta^(l+1)", 1))
)
slopes = zm.applyfunc(Lambda(u, slope(u)))
Sigma = DiagMatrix(slopes)


# ---------------------------------------------------------------- BP1: the last layer
@derivation(
    "backpropagation.output-error", task="HW3-2.1", title="BP1, the error of the last layer", sizes="any n"
)
def output_error() -> Derivation:
    """δ_j = g_j σ′(z_j), where g = ∇ₐC: unit j's weighted input acts through its own output only."""
    d = Derivation(
        "backpropagation.output-error", lambda: Sum(g[k] * Partial(activation(z[k]), z[j]), (k, 1, n)), UNIT
    )
    d.step(
        lambda: Sum(g[k] * slope(z[k]) * Partial(z[k], z[j]), (k, 1, n)),
        because="chain rule inside $\\sigma$",
    )
    d.step(
        lambda: Sum(g[k] * slope(z[k]) * KroneckerDelta(k, j), (k, 1, n)),
        because="$z_k$ and $z_j$ are the same variable only for $k = j$",
    )
    return d.qed(lambda: g[j] * slope(z[j]))


@derivation(
    "backpropagation.output-error-matrix", task="HW3-2.1", title="BP1 with a diagonal matrix", sizes="any n"
)
def output_error_matrix() -> Derivation:
    """∇ₐC ⊙ σ′(z) = Σ′(z) ∇ₐC, with Σ′(z) = diag(σ′(z)), entry by entry."""
    d = Derivation("backpropagation.output-error-matrix", HadamardProduct(gm, slopes), Given(sizes=(n,)))
    d.step(Sigma * gm, because="a diagonal matrix scales entry $j$ by its own factor $\\sigma'(z_j)$")
    return d.qed()


@derivation(
    "backpropagation.quadratic-error", task="HW3-2.1", title="BP1 for the quadratic cost", sizes="any n"
)
def quadratic_error() -> Derivation:
    """C = ½ Σ (a_k − y_k)² gives δ_j = (a_j − y_j) σ′(z_j)."""
    y = array("y", n)
    cost = Sum((activation(z[k]) - y[k]) ** 2, (k, 1, n)) / 2
    d = Derivation("backpropagation.quadratic-error", Partial(cost, z[j]), UNIT)
    d.step(
        lambda: Sum((activation(z[k]) - y[k]) * Partial(activation(z[k]), z[j]), (k, 1, n)),
        because="derivative of a square; the 2 cancels the ½",
    )
    return d.qed(lambda: (activation(z[j]) - y[j]) * slope(z[j]))


@derivation(
    "backpropagation.cross-entropy-error", task="HW3-2.1", title="BP1 for cross-entropy", sizes="any n"
)
def cross_entropy_error() -> Derivation:
    """With n logistic outputs and binary cross-entropy δ_j = a_j − y_j: σ′ cancels."""
    y = array("y", n)
    given = Given(sizes=(n,), free={j: (1, n)}, domain={y: "closed unit"})
    cost, p = Sum(bce(y[k], sigma(z[k])), (k, 1, n)), sigma(z[j])
    d = Derivation("backpropagation.cross-entropy-error", Partial(cost, z[j]), given)
    d.step(lambda: Partial(bce(y[j], p), z[j]), because="only output $j$ contains $z_j$")
    d.step(lambda: (p - y[j]) / (p * (1 - p)) * Partial(p, z[j]), because="derivative of the two logarithms")
    d.step(lambda: (p - y[j]) / (p * (1 - p)) * (p * (1 - p)), because="$\\sigma' = \\sigma(1 - \\sigma)$")
    return d.qed(lambda: p - y[j])


# ---------------------------------------------------------------- BP2: from layer to layer
@derivation(
    "backpropagation.hidden-error",
    task="HW3-2.2",
    title="BP2, from the next layer's error",
    sizes="any n and m",
)
def hidden_error() -> Derivation:
    """δ_j of layer l is σ′(z_j) Σ W_kj δ_k, summed over the units k of layer l + 1."""
    d = Derivation(
        "backpropagation.hidden-error", lambda: Sum(delta[k] * Partial(after(k), z[j]), (k, 1, m)), LAYERS
    )
    d.step(
        lambda: Sum(delta[k] * Sum(W[k, i] * Partial(activation(z[i]), z[j]), (i, 1, n)), (k, 1, m)),
        because="the weighted input is a sum, and the bias has no $z_j$ in it",
    )
    d.step(
        lambda: Sum(delta[k] * Sum(W[k, i] * slope(z[i]) * KroneckerDelta(i, j), (i, 1, n)), (k, 1, m)),
        because="chain rule inside $\\sigma$; only $i = j$ counts",
    )
    d.step(
        lambda: Sum(delta[k] * W[k, j] * slope(z[j]), (k, 1, m)), because="Kronecker's delta picks $i = j$"
    )
    return d.qed(lambda: slope(z[j]) * Sum(W[k, j] * delta[k], (k, 1, m)))


@derivation(
    "backpropagation.hidden-error-matrix",
    task="HW3-2.2",
    title="BP2 with a diagonal matrix",
    sizes="any n and m",
)
def hidden_error_matrix() -> Derivation:
    """(Wᵀδ) ⊙ σ′(z) = Σ′(z) Wᵀ δ with a rectangular W, entry by entry."""
    d = Derivation("backpropagation.hidden-error-matrix", HadamardProduct(Wm.T * deltam, slopes), WHOLE)
    return d.step(Sigma * Wm.T * deltam, because="a diagonal matrix scales entry $j$ by its own factor").qed()


# ---------------------------------------------------------------- BP3 and BP4: the parameters
@derivation(
    "backpropagation.bias-gradient",
    task="HW3-2.4",
    title="BP3, the gradient of the biases",
    sizes="any n and m",
)
def bias_gradient() -> Derivation:
    """∂C/∂b_q = δ_q."""
    given = Given(sizes=(n, m), free={q: (1, m)}, span=(2, 3, 1))
    d = Derivation(
        "backpropagation.bias-gradient", lambda: Sum(delta[k] * Partial(fed(k), b[q]), (k, 1, m)), given
    )
    d.step(
        lambda: Sum(delta[k] * KroneckerDelta(k, q), (k, 1, m)),
        because="$z_k$ contains only its own bias, once",
    )
    return d.qed(delta[q])


@derivation(
    "backpropagation.index",
    task="HW3-2.4",
    title="the derivative of a weighted input by a weight",
    sizes="any n and m",
)
def index() -> Derivation:
    """∂z_k/∂W_qj is a_j if k = q, else 0: unit k has only the weights of its own row."""
    given = Given(sizes=(n, m), free={k: (1, m), q: (1, m), j: (1, n)}, span=(2, 3, 1))
    d = Derivation("backpropagation.index", Partial(fed(k), W[q, j]), given)
    d.step(
        lambda: Sum(KroneckerDelta(k, q) * KroneckerDelta(i, j) * a[i], (i, 1, n)),
        because="$W_{ki}$ and $W_{qj}$ are the same weight only for $k = q$ and $i = j$",
    )
    return d.qed(lambda: KroneckerDelta(k, q) * a[j])


@derivation(
    "backpropagation.weight-gradient",
    task="HW3-2.4",
    title="BP4, the gradient of the weights",
    sizes="any n and m",
)
def weight_gradient() -> Derivation:
    """∂C/∂W_qj = δ_q a_j: the error at the weight's end times the output at its start."""
    d = Derivation(
        "backpropagation.weight-gradient", lambda: Sum(delta[k] * Partial(fed(k), W[q, j]), (k, 1, m)), WEIGHT
    )
    d.step(
        lambda: Sum(delta[k] * KroneckerDelta(k, q) * a[j], (k, 1, m)),
        because="only row $q$ contains $W_{qj}$",
    )
    return d.qed(lambda: delta[q] * a[j])


@derivation(
    "backpropagation.weight-gradient-matrix",
    task="HW3-2.4",
    title="BP4 as an outer product",
    sizes="any n and m",
)
def weight_gradient_matrix() -> Derivation:
    """The matrix of all ∂C/∂W_qj is δ aᵀ, the shape of W."""
    given = Given(sizes=(n, m), free={q: (0, m - 1), j: (0, n - 1)}, span=(2, 3, 1))
    inputs = MatrixElement(Wm * am + bm, k, 0)
    d = Derivation(
        "backpropagation.weight-gradient-matrix",
        lambda: Sum(deltam[k, 0] * Partial(inputs, Wm[q, j]), (k, 0, m - 1)),
        given,
    )
    d.step(lambda: deltam[q, 0] * am[j, 0], because="as above; entries of matrices count from 0")
    return d.qed(MatrixElement(deltam * am.T, q, j))


@derivation(
    "backpropagation.batch",
    task="HW3-2.4",
    title="BP4 for a mini-batch is one matrix product",
    sizes="any n, m and N",
)
def batch() -> Derivation:
    """With one sample a row in D and A, the mean over samples of δ aᵀ is DᵀA/N."""
    D, A = MatrixSymbol("D", N, m), MatrixSymbol("A", N, n)
    given = Given(sizes=(n, m, N), free={q: (0, m - 1), j: (0, n - 1)}, span=(2, 1, 3))
    d = Derivation("backpropagation.batch", Sum(D[s, q] * A[s, j], (s, 0, N - 1)) / N, given)
    d.step(MatrixElement(D.T * A / N, q, j), because="a sum over samples is a product with $D^T$")
    return d.qed()


# ---------------------------------------------------------------- the reports' errors
def rows(last: Expr) -> Expr:
    """Entry j of Wᵀδ with the sum over the next layer ending at `last`."""
    return Sum(W[k, j] * delta[k], (k, 1, last))
