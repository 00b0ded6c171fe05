"""Sixty-seven true lines as a first course writes them, by topic: what the checker must be able to prove.

Data only: `LINES` maps a name to (left, right, hypotheses, relation). The kinds are those of a hostile
review, restated with the terms that the checker has now.
"""

from __future__ import annotations

from sympy import (
    Abs,
    Identity,
    IndexedBase,
    KroneckerDelta,
    MatrixSymbol,
    Max,
    Min,
    Ne,
    Piecewise,
    Product,
    Rational,
    Sum,
    Trace,
    erf,
    exp,
    log,
    pi,
    sign,
    sqrt,
    symbols,
    tanh,
)

from helpers.proof import (
    Bernoulli,
    Categorical,
    Covariance,
    Expectation,
    Given,
    Gradient,
    Moments,
    Partial,
    Uniform,
    Variance,
    WithoutReplacement,
    define,
    smooth,
    sum_except,
)

n, m, K, N, B = symbols("n m K N B", integer=True, positive=True)
i, j, k, l, q, r, s = symbols("i j k l q r s", integer=True)
a, b, c, z, y, p, u, X, Y = symbols("a b c z y p u X Y", real=True)
lam, eps = symbols("lambda epsilon", positive=True)
x, w, t = (IndexedBase(name, shape=(n,), real=True) for name in "xwt")
zk, yk, pk, qk = (IndexedBase(name, shape=(K,), real=True) for name in ("z", "y", "p", "q"))
label = IndexedBase("c", shape=(N,), integer=True)
F, G = IndexedBase("F", real=True), IndexedBase("G", real=True)
W = IndexedBase("W", shape=(K, n), real=True)
mask = IndexedBase("m", shape=(n,), real=True)
g, S = IndexedBase("g", shape=(N,), real=True), IndexedBase("S", integer=True)
A, C = MatrixSymbol("A", n, n), MatrixSymbol("C", n, n)
M, v, o = MatrixSymbol("X", m, n), MatrixSymbol("w", n, 1), MatrixSymbol("y", m, 1)
sigma = define("sigma", (u,), 1 / (1 + exp(-u)))
f, f_prime = smooth("f")
soft = define("p", (k,), exp(zk[k]) / Sum(exp(zk[l]), (l, 1, K)))
net = define("z", (k,), Sum(W[k, i] * x[i], (i, 1, n)))
deep = define("p", (k,), exp(net(k)) / Sum(exp(net(l)), (l, 1, K)))
mean = define("mu", (), Sum(x[i], (i, 1, n)) / n)()
spread = define("v", (), Sum((x[i] - mean) ** 2, (i, 1, n)) / n)()
normal = define("h", (j,), (x[j] - mean) / sqrt(spread + eps))

SIZED, AT = Given(sizes=(n,)), Given(sizes=(n,), free={i: (1, n), j: (1, n), q: (1, n)})
CLASS = Given(sizes=(K,), free={q: (1, K), r: (1, K)})
LABEL = Given(sizes=(K,), free={q: (1, K), r: (1, K)}, domain={yk: "simplex"})
LABELS = Given(sizes=(N, K), free={s: (1, N), q: (1, K)}, domain={label: (1, K)})
LAYER = Given(sizes=(K, n), free={q: (1, K), j: (1, n)}, domain={yk: "simplex"}, span=(2, 3, 1))
UNIT = Given(domain={p: "unit"})
BINARY = Given(domain={y: "binary", p: "unit"})
LAWS = Given(sizes=(K,), domain={pk: "simplex", qk: "simplex"})
MASK = Given(sizes=(n,), random={mask: Bernoulli(p)}, independent=(mask,), domain={p: "unit"})
INIT = Given(sizes=(n,), random={w: Moments(0, a**2), x: Moments(0, b**2)}, independent=(w, x))
BATCH = Given(sizes=(N, B), random={S: Uniform(1, N)}, independent=(S,))
FEWER = Given(sizes=(N, B), random={S: WithoutReplacement(1, N)}, conditions=(N > 1, B <= N))
RANDOM = Given(random={X: Moments(), Y: Moments()})
SHAPES = Given(sizes=(n, m))

cost = -Sum(yk[k] * log(soft(k)), (k, 1, K))
binary = -y * log(sigma(z)) - (1 - y) * log(1 - sigma(z))
full = Sum(g[k], (k, 1, N)) / N
rest = M * v - o
quantity = Sum(x[i] * w[i], (i, 1, n))

LINES = {
    # softmax and cross-entropy
    "softmax sums to 1": (Sum(soft(k), (k, 1, K)), 1, CLASS, "="),
    "softmax is shift invariant": (exp(zk[q] + c) / Sum(exp(zk[l] + c), (l, 1, K)), soft(q), CLASS, "="),
    "Jacobian": (Partial(soft(q), zk[r]), soft(q) * (KroneckerDelta(q, r) - soft(r)), CLASS, "="),
    "Jacobian, q = r": (
        Partial(soft(q), zk[r]),
        soft(q) * (1 - soft(q)),
        Given(sizes=(K,), free={q: (1, K), r: (1, K)}, facts=((q, r),)),
        "=",
    ),
    "Jacobian, q ≠ r": (
        Partial(soft(q), zk[r]),
        -soft(q) * soft(r),
        Given(sizes=(K,), free={q: (1, K), r: (1, K)}, conditions=(Ne(q, r),)),
        "=",
    ),
    "delta at the output": (Partial(cost, zk[q]), soft(q) - yk[q], LABEL, "="),
    "the sum split at i ≠ k": (
        -yk[q] * (1 - soft(q)) + sum_except(yk[k] * soft(q), k, q, 1, K),
        soft(q) - yk[q],
        LABEL,
        "=",
    ),
    "slopes sum to 0": (Sum(Partial(cost, zk[q]), (q, 1, K)), 0, LABEL, "="),
    "second derivative": (Partial(Partial(cost, zk[q]), zk[q]), soft(q) * (1 - soft(q)), LABEL, "="),
    "the weights' gradient": (
        Partial(-Sum(yk[k] * log(deep(k)), (k, 1, K)), W[q, j]),
        (deep(q) - yk[q]) * x[j],
        LAYER,
        "=",
    ),
    "log-softmax": (log(soft(q)), zk[q] - log(Sum(exp(zk[l]), (l, 1, K))), CLASS, "="),
    "a label as an index": (
        Partial(-log(soft(label[s])), zk[q]),
        soft(q) - KroneckerDelta(label[s], q),
        LABELS,
        "=",
    ),
    "an indicator picks": (
        -Sum(KroneckerDelta(label[s], k) * log(soft(k)), (k, 1, K)),
        -log(soft(label[s])),
        LABELS,
        "=",
    ),
    "two classes": (exp(a) / (exp(a) + exp(b)), sigma(a - b), SIZED, "="),
    # the logistic function and its cost
    "sigma'": (Partial(sigma(z), z), sigma(z) * (1 - sigma(z)), SIZED, "="),
    "sigma turned": (1 - sigma(z), sigma(-z), SIZED, "="),
    "delta of one output": (Partial(binary, z), sigma(z) - y, SIZED, "="),
    "cost by softplus": (binary, log(1 + exp(z)) - y * z, SIZED, "="),
    "likelihood of one label": (
        -log(p**y * (1 - p) ** (1 - y)),
        -y * log(p) - (1 - y) * log(1 - p),
        BINARY,
        "=",
    ),
    "likelihood as a choice": (p**y * (1 - p) ** (1 - y), y * p + (1 - y) * (1 - p), BINARY, "="),
    "slope by the output": (
        Partial(-y * log(p) - (1 - y) * log(1 - p), p),
        (p - y) / (p * (1 - p)),
        UNIT,
        "=",
    ),
    "sigma and tanh": (tanh(z), 2 * sigma(2 * z) - 1, SIZED, "="),
    "tanh'": (Partial(tanh(z), z), 1 - tanh(z) ** 2, SIZED, "="),
    "logit": (log(sigma(z) / (1 - sigma(z))), z, SIZED, "="),
    # sums and products
    "reversed": (Sum(x[n + 1 - k], (k, 1, n)), Sum(x[k], (k, 1, n)), SIZED, "="),
    "telescoped": (Sum(F[k + 1] - F[k], (k, 1, n)), F[n + 1] - F[1], SIZED, "="),
    "a product split": (
        Product(x[k], (k, 1, n)),
        Product(x[k], (k, 1, q)) * Product(x[k], (k, q + 1, n)),
        AT,
        "=",
    ),
    "triangle swapped": (Sum(F[i, j], (j, 1, i), (i, 1, n)), Sum(F[i, j], (i, j, n), (j, 1, n)), SIZED, "="),
    "square of a sum": (
        Sum(x[i], (i, 1, n)) ** 2,
        Sum(x[i] ** 2, (i, 1, n)) + 2 * Sum(x[i] * x[j], (j, 1, i - 1), (i, 1, n)),
        SIZED,
        "=",
    ),
    "convolution commutes": (Sum(F[k] * G[i - k], (k, 0, i)), Sum(G[k] * F[i - k], (k, 0, i)), AT, "="),
    "convolution shifted": (Sum(F[k] * G[i - k], (k, 0, n)), Sum(F[i - k] * G[k], (k, i - n, i)), AT, "="),
    "geometric sum": (Sum(a**k, (k, 0, n - 1)) * (1 - a), 1 - a**n, SIZED, "="),
    "log of a product": (
        log(Product(pk[k], (k, 1, K))),
        Sum(log(pk[k]), (k, 1, K)),
        LAWS,
        "=",
    ),
    # rectifiers and other functions
    "ReLU on the right": (Partial(Max(0, z), z), 1, Given(conditions=(z > 0,)), "="),
    "ReLU on the left": (Partial(Max(0, z), z), 0, Given(conditions=(z < 0,)), "="),
    "ReLU's slope as a choice": (Partial(Max(0, z), z), Piecewise((1, z > 0), (0, True)), SIZED, "="),
    "leaky": (Max(z, z / 100), Piecewise((z, z > 0), (z / 100, True)), SIZED, "="),
    "larger and smaller": (Max(a, b) + Min(a, b), a + b, SIZED, "="),
    "GELU'": (
        Partial(z * (1 + erf(z / sqrt(2))) / 2, z),
        (1 + erf(z / sqrt(2))) / 2 + z * exp(-(z**2) / 2) / sqrt(2 * pi),
        SIZED,
        "=",
    ),
    "log of a square": (log(a**2), 2 * log(Abs(a)), SIZED, "="),
    "absolute value": (Partial(Abs(z), z), sign(z), SIZED, "="),
    "stable log-sum-exp": (
        log(Sum(exp(zk[k]), (k, 1, K))),
        c + log(Sum(exp(zk[k] - c), (k, 1, K))),
        CLASS,
        "=",
    ),
    # backpropagation and regularisation
    "a neuron's slope": (Partial(f(quantity), w[j]), f_prime(quantity) * x[j], AT, "="),
    "through the outputs": (
        Partial(cost, zk[q]),
        Sum(Partial(cost, soft(k)) * Partial(soft(k), zk[q]), (k, 1, K)),
        LABEL,
        "=",
    ),
    "weight decay": (w[j] - a * (t[j] + lam * w[j]), (1 - a * lam) * w[j] - a * t[j], AT, "="),
    "slope of the penalty": (Partial(lam / 2 * Sum(w[i] ** 2, (i, 1, n)), w[j]), lam * w[j], AT, "="),
    "mean of the normalised": (Sum(normal(j), (j, 1, n)), 0, SIZED, "="),
    "slope by the mean": (
        Partial(Sum((x[i] - mean) ** 2, (i, 1, n)), mean),
        -2 * Sum(x[i] - mean, (i, 1, n)),
        SIZED,
        "=",
    ),
    "slope of the spread": (Partial(spread, x[j]), 2 * (x[j] - mean) / n, AT, "="),
    "variance as a difference": (spread, Sum(x[i] ** 2, (i, 1, n)) / n - mean**2, SIZED, "="),
    # momentum and averages
    "moving average unrolled": (
        (1 - b) * Sum(b ** (n - k) * x[k], (k, 1, n)),
        (1 - b) * x[n] + b * (1 - b) * Sum(b ** (n - 1 - k) * x[k], (k, 1, n - 1)),
        Given(sizes=(n,), domain={b: "unit"}),
        "=",
    ),
    "weights of the average": (
        (1 - b) * Sum(b ** (n - k), (k, 1, n)),
        1 - b**n,
        Given(sizes=(n,), domain={b: "unit"}),
        "=",
    ),
    # chance
    "inverted dropout keeps the mean": (
        Expectation(Sum(w[k] * mask[k] * x[k] / p, (k, 1, n))),
        Sum(w[k] * x[k], (k, 1, n)),
        MASK,
        "=",
    ),
    "dropout's variance": (
        Variance(Sum(w[k] * mask[k] * x[k] / p, (k, 1, n))),
        (1 - p) / p * Sum(w[k] ** 2 * x[k] ** 2, (k, 1, n)),
        MASK,
        "=",
    ),
    "a pre-activation's variance": (Variance(quantity), n * a**2 * b**2, INIT, "="),
    "a batch's mean": (Expectation(Sum(g[S[k]], (k, 1, B)) / B), full, BATCH, "="),
    "a batch's noise": (
        Variance(Sum(g[S[k]], (k, 1, B)) / B),
        Sum((g[k] - full) ** 2, (k, 1, N)) / (N * B),
        BATCH,
        "=",
    ),
    "without replacement": (
        Variance(Sum(g[S[k]], (k, 1, B)) / B),
        Sum((g[k] - full) ** 2, (k, 1, N)) / (N * B) * (N - B) / (N - 1),
        FEWER,
        "=",
    ),
    "cross-entropy as a mean": (
        Expectation(-log(qk[s])),
        -Sum(pk[k] * log(qk[k]), (k, 1, K)),
        Given(sizes=(K,), random={s: Categorical(pk[k], (k, 1, K))}, domain={pk: "simplex", qk: "simplex"}),
        "=",
    ),
    "variance of a sum": (Variance(X + Y), Variance(X) + Variance(Y) + 2 * Covariance(X, Y), RANDOM, "="),
    # matrices
    "quadratic form": (Gradient(v.T * A * v, v), (A + A.T) * v, SHAPES, "="),
    "least squares": (Gradient(rest.T * rest, v), 2 * M.T * rest, SHAPES, "="),
    "trace": (Trace(A * C), Trace(C * A), SHAPES, "="),
    "orthogonal": ((A * v).T * (A * v), v.T * v, Given(sizes=(n,), facts=((A.T * A, Identity(n)),)), "="),
    # inequalities
    "Gibbs": (Sum(pk[k] * log(pk[k] / qk[k]), (k, 1, K)), 0, LAWS, ">="),
    "Cauchy and Schwarz": (quantity**2, Sum(x[i] ** 2, (i, 1, n)) * Sum(w[i] ** 2, (i, 1, n)), SIZED, "<="),
    "sigma' is at most 1/4": (sigma(z) * (1 - sigma(z)), Rational(1, 4), SIZED, "<="),
}
