"""Backpropagation through whole networks: one hidden layer written out, any depth by induction, linear units.

HW3 problems 2.3 and 2.4. A network of any depth L has d_0 inputs and layers of d_1, ..., d_L units, each of
its own size. Errors are defined from the last layer down by BP1 and BP2; the full product is then proved by
induction on the layer, base and step both checked for symbolic depth and sizes. In a linear network σ(z) = z;
its outputs are defined from the first layer up.
"""

from __future__ import annotations

from sympy import (
    DiagMatrix,
    Expr,
    HadamardProduct,
    IndexedBase,
    Integer,
    KroneckerDelta,
    Lambda,
    MatrixExpr,
    MatrixSymbol,
    Sum,
)

from helpers.notation import K, L, array, i, j, k, l, m, n, q, r, u
from helpers.proof import Derivation, Given, Partial, define, induction, layer_product, recursive

from ._registry import derivation
from .backpropagation import LAYERS, UNIT, WEIGHT, W, a, activation, b, delta, fed, g, slope, z

# one hidden layer: n inputs, m hidden units, K outputs
x, y = array("x", n), array("y", K)
W1, b1, W2, b2 = array("W^(1)", m, n), array("b^(1)", m), array("W^(2)", K, m), array("b^(2)", K)
z1 = define("z^(1)", (q,), Sum(W1[q, i] * x[i], (i, 1, n)) + b1[q])
a1 = define("a^(1)", (q,), activation(z1(q)))
z2 = define("z^(2)", (k,), Sum(W2[k, r] * a1(r), (r, 1, m)) + b2[k])
a2 = define("a^(2)", (k,), activation(z2(k)))
delta2 = define("delta^(2)", (k,), (a2(k) - y[k]) * slope(z2(k)))
delta1 = define("delta^(1)", (q,), slope(z1(q)) * Sum(W2[k, q] * delta2(k), (k, 1, K)))

# any depth: entry k of layer l has the weights W[l, k, 1..d[l-1]]
units = IndexedBase("d", integer=True, positive=True)
Wl, bl, zl = (IndexedBase(name, real=True) for name in "Wbz")
gl, xl = IndexedBase("g", real=True), IndexedBase("x", real=True)
BACKWARD = Given(sizes=(L,), free={l: (1, L - 1), i: (1, units[l])}, span=(2, 3, 4))
FORWARD = Given(sizes=(L,), free={l: (1, L), i: (1, units[l])}, span=(2, 3, 4))


def quadratic_cost() -> Expr:
    """½ Σ (a_k − y_k)² of the network with one hidden layer."""
    return Sum((a2(k) - y[k]) ** 2, (k, 1, K)) / 2


def network(**free: tuple) -> Given:
    """Hypotheses for the network with one hidden layer, with the ranges of the free indices by name."""
    return Given(
        sizes=(n, m, K),
        free={{"k": k, "q": q, "j": j}[name]: ends for name, ends in free.items()},
        span=(2, 1, 3),
    )


# ---------------------------------------------------------------- one hidden layer: nothing left out
def outer(name: str, variable: Expr, given: Given) -> Derivation:
    """The quadratic cost by a parameter of the last layer, up to the chain rule in z."""
    d = Derivation(name, Partial(quadratic_cost(), variable), given)
    d.step(
        lambda: Sum((a2(r) - y[r]) * Partial(a2(r), variable), (r, 1, K)), because="derivative of a square"
    )
    return d.step(
        lambda: Sum(delta2(r) * Partial(z2(r), variable), (r, 1, K)),
        because="BP1: $\\delta^{(2)} = (a^{(2)} - y) \\odot \\sigma'(z^{(2)})$",
    )


def inner(name: str, variable: Expr, given: Given) -> Derivation:
    """The same for a parameter of the first layer, one layer further back."""
    d = outer(name, variable, given)
    d.step(
        lambda: Sum(delta2(r) * Sum(W2[r, i] * Partial(a1(i), variable), (i, 1, m)), (r, 1, K)),
        because="$z^{(2)}$ is a sum over the hidden units",
    )
    return d.step(
        lambda: Sum(delta1(i) * Partial(z1(i), variable), (i, 1, m)),
        because="BP2: the sum over the outputs, times $\\sigma'(z^{(1)})$",
    )


@derivation(
    "backpropagation.last-weights",
    task="HW3-2.4",
    title="one hidden layer: its last weights",
    sizes="any n, m and K",
)
def last_weights() -> Derivation:
    """∂C/∂W^(2)_kq = δ^(2)_k a^(1)_q, straight from the cost."""
    d = outer("backpropagation.last-weights", W2[k, q], network(k=(1, K), q=(1, m)))
    return d.step(lambda: delta2(k) * a1(q), because="only row $k$ contains the weight").qed()


@derivation(
    "backpropagation.last-biases",
    task="HW3-2.4",
    title="one hidden layer: its last biases",
    sizes="any n, m and K",
)
def last_biases() -> Derivation:
    """∂C/∂b^(2)_k = δ^(2)_k."""
    return (
        outer("backpropagation.last-biases", b2[k], network(k=(1, K)))
        .step(delta2(k), because="the bias of unit $k$ is in $z_k$ only")
        .qed()
    )


@derivation(
    "backpropagation.first-weights",
    task="HW3-2.4",
    title="one hidden layer: its first weights",
    sizes="any n, m and K",
)
def first_weights() -> Derivation:
    """∂C/∂W^(1)_qj = δ^(1)_q x_j, straight from the cost."""
    d = inner("backpropagation.first-weights", W1[q, j], network(q=(1, m), j=(1, n)))
    return d.step(lambda: delta1(q) * x[j], because="only row $q$ contains the weight").qed()


@derivation(
    "backpropagation.first-biases",
    task="HW3-2.4",
    title="one hidden layer: its first biases",
    sizes="any n, m and K",
)
def first_biases() -> Derivation:
    """∂C/∂b^(1)_q = δ^(1)_q."""
    return (
        inner("backpropagation.first-biases", b1[q], network(q=(1, m)))
        .step(delta1(q), because="the bias of unit $q$ is in $z_q$ only")
        .qed()
    )


# ---------------------------------------------------------------- the full product
def hadamard_and_diagonal(name: str, size: Expr) -> tuple[MatrixExpr, MatrixExpr]:
    """σ′(z) as a column, and Σ′(z) as a diagonal matrix."""
    column = MatrixSymbol(name, size, 1).applyfunc(Lambda(u, slope(u)))
    return column, DiagMatrix(column)


@derivation(
    "backpropagation.three-layers",
    task="HW3-2.3",
    title="the product for three layers, as matrices",
    sizes="any n, m and K; three layers",
)
def three_layers() -> Derivation:
    """BP2 twice and BP1 once give Σ′(z^(1)) (W^(2))ᵀ Σ′(z^(2)) (W^(3))ᵀ Σ′(z^(3)) ∇ₐC."""
    (s1, D1), (s2, D2), (s3, D3) = (
        hadamard_and_diagonal(f"z^({at})", size) for at, size in ((1, n), (2, m), (3, K))
    )
    V2, V3, gm = MatrixSymbol("W^(2)", m, n), MatrixSymbol("W^(3)", K, m), MatrixSymbol("g", K, 1)
    last = HadamardProduct(gm, s3)
    middle = HadamardProduct(V3.T * last, s2)
    d = Derivation(
        "backpropagation.three-layers",
        HadamardProduct(V2.T * middle, s1),
        Given(sizes=(n, m, K), span=(2, 1, 3)),
    )
    d.step(D1 * V2.T * middle, because="BP2 with a diagonal matrix, layer 1")
    d.step(D1 * V2.T * D2 * V3.T * last, because="BP2 with a diagonal matrix, layer 2")
    return d.step(D1 * V2.T * D2 * V3.T * D3 * gm, because="BP1 with a diagonal matrix, layer 3").qed()


factor = define("A", (l, i, k), slope(zl[l, i]) * Wl[l + 1, k, i])  # an entry of Σ'(z) W^T
error = recursive(
    "delta",
    [l, i],
    start=(l, L),
    base=slope(zl[L, i]) * gl[i],
    rule=lambda f: slope(zl[l, i]) * Sum(Wl[l + 1, k, i] * f(l + 1, k), (k, 1, units[l + 1])),
)
product = layer_product(
    "P", [l, i], matrix=factor, vector=lambda i: slope(zl[L, i]) * gl[i], width=lambda l: units[l], last=L - 1
)


@derivation(
    "backpropagation.full-product",
    task="HW3-2.3",
    title="the full product, by induction on the layer",
    sizes="any depth L, any number of units in every layer",
)
def full_product() -> Derivation:
    """δ^(l) = Σ′(z^(l)) (W^(l+1))ᵀ … Σ′(z^(L−1)) (W^(L))ᵀ Σ′(z^(L)) ∇ₐC for every layer l."""
    return induction(
        "backpropagation.full-product",
        error(l, i),
        product(l, i),
        l,
        BACKWARD,
        because="BP2, with $d_l$ units in layer $l$",
        claim="$\\delta_l = P_l$, where $P_l = A_l A_{l+1} \\cdots A_{L-1} "
        "\\Sigma'(z_L) \\nabla_a C$ and $A_l = \\Sigma'(z_l) W_{l+1}^T$",
    )


# ---------------------------------------------------------------- linear units
identity = define("sigma", (u,), u)
linear_after = define("z^(l+1)", (k,), Sum(W[k, i] * identity(z[i]), (i, 1, n)) + b[k])


@derivation(
    "backpropagation.linear",
    task="HW3-2.4",
    title="the four equations of a linear network",
    sizes="any n and m",
)
def linear() -> Derivation:
    """With σ(z) = z every factor σ′ is 1 and a = z; BP3 and BP4 stay as they are."""
    d = Derivation(
        "backpropagation.linear",
        lambda: Sum(g[k] * Partial(identity(z[k]), z[j]), (k, 1, n)),
        UNIT,
        title="BP1",
    )
    d.step(g[j], because="$\\sigma'(z) = 1$: the error is the cost's derivative by the output")
    d.part("BP2", Sum(delta[k] * Partial(linear_after(k), z[j]), (k, 1, m)), LAYERS)
    d.step(lambda: Sum(W[k, j] * delta[k], (k, 1, m)), because="again $\\sigma' = 1$")
    d.part("BP3", Sum(delta[k] * Partial(fed(k), b[q]), (k, 1, m)), WEIGHT)
    d.step(delta[q], because="no $\\sigma$ in it")
    d.part("BP4", Sum(delta[k] * Partial(fed(k), W[q, j]), (k, 1, m)), WEIGHT)
    return d.step(lambda: delta[q] * a[j], because="no $\\sigma$ in it; here $a_j = z_j$").qed()


linear_error = recursive(
    "delta",
    [l, i],
    start=(l, L),
    base=gl[i],
    rule=lambda f: Sum(Wl[l + 1, k, i] * f(l + 1, k), (k, 1, units[l + 1])),
)
linear_product = layer_product(
    "P",
    [l, i],
    matrix=lambda l, i, k: Wl[l + 1, k, i],
    vector=lambda i: gl[i],
    width=lambda l: units[l],
    last=L - 1,
)


@derivation(
    "backpropagation.linear-product",
    task="HW3-2.4",
    title="the full product of a linear network",
    sizes="any depth L, any number of units in every layer",
)
def linear_full_product() -> Derivation:
    """δ^(l) = (W^(l+1))ᵀ … (W^(L))ᵀ ∇ₐC: no activation is left, so the error ignores the input."""
    return induction(
        "backpropagation.linear-product",
        linear_error(l, i),
        linear_product(l, i),
        l,
        BACKWARD,
        because="BP2 with $\\sigma' = 1$",
        claim="$\\delta_l = P_l$, where $P_l = W_{l+1}^T \\cdots W_L^T \\nabla_a C$",
    )


@derivation(
    "backpropagation.collapse-two",
    task="HW3-2.4",
    title="two linear layers are one",
    sizes="any n, m and K; two layers",
)
def collapse_two() -> Derivation:
    """W₂(W₁x + b₁) + b₂ = (W₂W₁)x + (W₂b₁ + b₂), as matrices of any sizes."""
    V1, V2, xm = MatrixSymbol("W^(1)", m, n), MatrixSymbol("W^(2)", K, m), MatrixSymbol("x", n, 1)
    c1, c2 = MatrixSymbol("b^(1)", m, 1), MatrixSymbol("b^(2)", K, 1)
    given = Given(sizes=(n, m, K), span=(2, 1, 3))
    d = Derivation("backpropagation.collapse-two", V2 * (V1 * xm + c1) + c2, given)
    d.step(V2 * V1 * xm + (V2 * c1 + c2), because="matrix products distribute over sums")
    return d.qed()


output = recursive(
    "a",
    [l, i],
    start=(l, Integer(0)),
    base=xl[i],
    rule=lambda f: Sum(Wl[l, i, k] * f(l - 1, k), (k, 1, units[l - 1])) + bl[l, i],
)
weights = recursive(
    "M",
    [l, i, j],
    start=(l, Integer(0)),
    base=KroneckerDelta(i, j),
    rule=lambda f: Sum(Wl[l, i, k] * f(l - 1, k, j), (k, 1, units[l - 1])),
)
offset = recursive(
    "c",
    [l, i],
    start=(l, Integer(0)),
    base=Integer(0),
    rule=lambda f: Sum(Wl[l, i, k] * f(l - 1, k), (k, 1, units[l - 1])) + bl[l, i],
)


@derivation(
    "backpropagation.collapse",
    task="HW3-2.4",
    title="a linear network of any depth is one affine map",
    sizes="any depth L, any number of units in every layer",
)
def collapse() -> Derivation:
    """a^(l) = M^(l) x + c^(l) with M^(l) = W^(l) … W^(1): depth adds nothing that one layer could not do."""
    return induction(
        "backpropagation.collapse",
        output(l, i),
        Sum(weights(l, i, j) * xl[j], (j, 1, units[0])) + offset(l, i),
        l,
        FORWARD,
        because="a linear layer",
        claim="$a_l = M_l x + c_l$, where $M_l = W_l M_{l-1}$ with $M_0 = I$, and "
        "$c_l = W_l c_{l-1} + b_l$ with $c_0 = 0$: neither contains $x$",
    )
