"""One update of gradient descent, momentum, Adagrad and Adam, written out, and what each makes of a gradient.

HW3 problem 1.1 and HW4 problem 3.3. All four act on each weight by itself. w is the weight and g its
derivative, η the rate per step; u, G, m and v are what an optimiser remembers, before the step. The named
functions are the definitions that torch.optim documents, with its ε outside the root.
"""

from __future__ import annotations

from sympy import Abs, Expr, Integer, Limit, Rational, Symbol, oo, sqrt, symbols

from helpers.notation import eps, eta, mu, t
from helpers.proof import At, Derivation, Given, Partial, define, induction, recursive, smooth

from ._registry import Lines, derivation, erratum

weight, slope, velocity, first = symbols("w g u m", real=True)
total = symbols("G", nonnegative=True)
second = symbols("v", real=True)
beta1, beta2 = symbols("beta_1 beta_2", positive=True)
curve, size = symbols("h c", positive=True)
step = Symbol("t", integer=True, positive=True)  # which step it is, where its sign matters
T = Symbol("T", integer=True, positive=True)  # how many steps are made
BETAS = Given(domain={beta1: "unit", beta2: "unit"})

# ---------------------------------------------------------------- the definitions
sgd = define("sgd", (weight, slope), weight - eta * slope, latex=r"\operatorname{sgd}")
faster = define("velocity", (slope, velocity), mu * velocity - eta * slope, latex="u'")
momentum = define("momentum", (weight, slope, velocity), weight + faster(slope, velocity), latex="w'")
buffer = define("buffer", (slope, velocity), mu * velocity + slope, latex=r"\operatorname{buffer}")
momentum_torch = define(
    "torch", (weight, slope, velocity), weight - eta * buffer(slope, velocity), latex=r"\operatorname{torch}"
)
added = define("G", (slope, total), total + slope**2)
adagrad = define(
    "adagrad",
    (weight, slope, total),
    weight - eta * slope / (sqrt(added(slope, total)) + eps),
    latex=r"\operatorname{adagrad}",
)
mean = define("m", (slope, first), beta1 * first + (1 - beta1) * slope)
square = define("v", (slope, second), beta2 * second + (1 - beta2) * slope**2)
adam = define(
    "adam",
    (weight, slope, first, second, t),
    weight
    - eta * (mean(slope, first) / (1 - beta1**t)) / (sqrt(square(slope, second) / (1 - beta2**t)) + eps),
    latex=r"\operatorname{adam}",
)


def running(factor: Symbol, value: Expr, name: str) -> type[Expr]:
    """The running mean after t steps with the same `value` in each: 0 at t = 0."""
    return recursive(name, [t], start=(t, 0), base=0, rule=lambda f: factor * f(t - 1) + (1 - factor) * value)


# ---------------------------------------------------------------- gradient descent
@derivation("stochastic.downhill", task="HW3-1.1", title="a small step lowers the cost", sizes="one weight")
def downhill() -> Derivation:
    """The cost after a step has the slope −f'(w)² in η at η = 0, for any cost: at first it goes down."""
    cost, cost_slope = smooth("f")
    eta = Symbol("eta", real=True)  # a step may be 0, too
    d = Derivation("stochastic.downhill", At(Partial(cost(weight - eta * cost_slope(weight)), eta), eta, 0))
    d.step(
        lambda: At(cost_slope(weight - eta * cost_slope(weight)) * -cost_slope(weight), eta, 0),
        because="chain rule: the weight moves by $-f'(w)$ per unit of $\\eta$",
    )
    d.step(lambda: -(cost_slope(weight) ** 2), because="at $\\eta = 0$ the weight is $w$")
    d.step(0, because="a square", relation="<=", gap=cost_slope(weight) ** 2)
    return d.qed()


# ---------------------------------------------------------------- momentum
@derivation(
    "stochastic.momentum-forms", task="HW4-3.3a", title="two ways to write momentum", sizes="one weight"
)
def momentum_forms() -> Derivation:
    """The textbook's velocity is −η times torch's buffer, if it was so before the step; the weight agrees."""
    d = Derivation("stochastic.momentum-forms", faster(slope, -eta * velocity), title="The velocity")
    d.step(lambda: mu * (-eta * velocity) - eta * slope, because="the textbook's rule")
    d.step(lambda: -eta * buffer(slope, velocity), because="torch's rule for the buffer")
    d.part("The weight", momentum(weight, slope, -eta * velocity))
    d.step(lambda: weight - eta * buffer(slope, velocity), because="the weight moves by the velocity")
    return d.step(momentum_torch(weight, slope, velocity), because="torch's rule for the weight").qed()


@derivation(
    "stochastic.momentum-sum",
    task="HW4-3.3a",
    title="momentum in a steady gradient",
    sizes="any number t of steps",
)
def momentum_sum() -> Derivation:
    """After t steps with one and the same gradient g the velocity is −ηg (1 − μᵗ)/(1 − μ)."""
    speed = recursive("u", [t], start=(t, 0), base=0, rule=lambda f: mu * f(t - 1) - eta * slope)
    given = Given(sizes=(T,), free={t: (1, T)}, domain={mu: "unit"})
    return induction(
        "stochastic.momentum-sum",
        speed(t),
        -eta * slope * (1 - mu**t) / (1 - mu),
        t,
        given,
        because="one update of the velocity",
    )


@derivation(
    "stochastic.momentum-limit",
    task="HW4-3.3a",
    title="the steady step of momentum",
    sizes="a weight, 0 < μ < 1",
)
def momentum_limit() -> Derivation:
    """With time the step tends to −ηg/(1 − μ), which is the velocity that maps to itself."""
    steady = -eta * slope / (1 - mu)
    given = Given(domain={mu: "unit"})
    d = Derivation(
        "stochastic.momentum-limit",
        Limit(-eta * slope * (1 - mu**t) / (1 - mu), t, oo),
        given,
        title="After many steps",
    )
    d.step(steady, because="$\\mu^t \\to 0$")
    d.part("It maps to itself", faster(slope, steady))
    d.step(lambda: mu * (-eta * slope / (1 - mu)) - eta * slope, because="the rule for the velocity")
    return d.step(steady, because="$\\mu + (1 - \\mu) = 1$").qed()


@derivation(
    "stochastic.momentum-gain",
    task="HW4-3.3a",
    title="how much longer the steady step is",
    sizes="two values of μ",
)
def momentum_gain() -> Derivation:
    """Momentum multiplies the steady step by 1/(1 − μ): by 10/9 for μ = 0.1, by 10 for μ = 0.9."""
    d = Derivation("stochastic.momentum-gain", At(1 / (1 - mu), mu, Rational(1, 10)), title="μ = 0.1")
    d.step(Rational(10, 9), because="$1 - 1/10 = 9/10$")
    d.part("μ = 0.9", At(1 / (1 - mu), mu, Rational(9, 10)))
    return d.step(10, because="$1 - 9/10 = 1/10$").qed()


@derivation(
    "stochastic.momentum-noise",
    task="HW4-3.3a",
    title="momentum averages noise away",
    sizes="one weight, 0 < μ < 1",
)
def momentum_noise() -> Derivation:
    """Independent noise of variance V in g leaves η²V/(1 − μ²) in the velocity: it maps to itself in a step.

    Squared signal over noise is then (1 + μ)/(1 − μ) times that of a plain step: 19 times for μ = 0.9.
    """
    noise = Symbol("V", positive=True)
    given = Given(domain={mu: "unit"})
    settled = eta**2 * noise / (1 - mu**2)
    d = Derivation(
        "stochastic.momentum-noise",
        lambda: mu**2 * settled + eta**2 * noise,
        given,
        title="The variance maps to itself",
    )
    d.step(settled, because="$\\mu^2 + (1 - \\mu^2) = 1$")
    d.part(
        "Signal over noise, against a plain step",
        lambda: (eta * slope / (1 - mu)) ** 2 / settled / ((eta * slope) ** 2 / (eta**2 * noise)),
    )
    d.step(lambda: (1 - mu**2) / (1 - mu) ** 2, because="$\\eta$, $g$ and $V$ cancel")
    return d.step(lambda: (1 + mu) / (1 - mu), because="$1 - \\mu^2 = (1 - \\mu)(1 + \\mu)$").qed()


# ---------------------------------------------------------------- Adagrad
@derivation(
    "stochastic.adagrad-first-step", task="HW4-3.3a", title="Adagrad's first step", sizes="one weight"
)
def adagrad_first_step() -> Derivation:
    """It is −η g/(|g| + ε): about η in size, whatever the size of the gradient."""
    d = Derivation("stochastic.adagrad-first-step", adagrad(weight, slope, 0) - weight)
    d.step(lambda: -eta * slope / (sqrt(slope**2) + eps), because="before the first step $G$ is 0")
    return d.step(lambda: -eta * slope / (Abs(slope) + eps), because="the root of a square").qed()


@derivation(
    "stochastic.adagrad-constant",
    task="HW4-3.3a",
    title="Adagrad in a steady gradient",
    sizes="any number t of steps",
)
def adagrad_constant() -> Derivation:
    """Step t with the same gradient each time is −η g/(√t |g| + ε): Adagrad's rate falls as 1/√t."""
    d = Derivation(
        "stochastic.adagrad-constant",
        added(slope, (step - 1) * slope**2),
        Given(sizes=(step,)),
        title="The sum of squares",
    )
    d.step(step * slope**2, because="$t - 1$ squares and one more")
    d.part("The step", lambda: -eta * slope / (sqrt(step * slope**2) + eps))
    d.step(lambda: -eta * slope / (sqrt(step) * Abs(slope) + eps), because="the root of a product")
    return d.qed()


# ---------------------------------------------------------------- Adam
@derivation(
    "stochastic.adam-mean",
    task="HW4-3.3a",
    title="why Adam divides by 1 − β₁ᵗ",
    sizes="any number t of steps",
)
def adam_mean() -> Derivation:
    """From 0, the running mean of a steady gradient is (1 − β₁ᵗ) g: too small by the factor divided out."""
    m = running(beta1, slope, "m")
    given = Given(sizes=(T,), free={t: (1, T)}, domain={beta1: "unit"})
    return induction(
        "stochastic.adam-mean",
        m(t),
        (1 - beta1**t) * slope,
        t,
        given,
        because="one update of the running mean",
    )


@derivation(
    "stochastic.adam-square",
    task="HW4-3.3a",
    title="why Adam divides by 1 − β₂ᵗ",
    sizes="any number t of steps",
)
def adam_square() -> Derivation:
    """From 0, the running mean of the squares of a steady gradient is (1 − β₂ᵗ) g²."""
    v = running(beta2, slope**2, "v")
    given = Given(sizes=(T,), free={t: (1, T)}, domain={beta2: "unit"})
    return induction(
        "stochastic.adam-square",
        v(t),
        (1 - beta2**t) * slope**2,
        t,
        given,
        because="one update of the running mean of squares",
    )


@derivation("stochastic.adam-first-step", task="HW4-3.3a", title="Adam's first step", sizes="one weight")
def adam_first_step() -> Derivation:
    """It is −η g/(|g| + ε), for any β₁ and β₂: about η in size, in the direction of minus the sign of g."""
    d = Derivation("stochastic.adam-first-step", adam(weight, slope, 0, 0, 1) - weight, BETAS)
    d.step(
        lambda: (
            -eta * ((1 - beta1) * slope / (1 - beta1)) / (sqrt((1 - beta2) * slope**2 / (1 - beta2)) + eps)
        ),
        because="before the first step $m = v = 0$",
    )
    d.step(lambda: -eta * slope / (sqrt(slope**2) + eps), because="both corrections cancel")
    return d.step(lambda: -eta * slope / (Abs(slope) + eps), because="the root of a square").qed()


@derivation(
    "stochastic.adam-constant",
    task="HW4-3.3a",
    title="Adam in a steady gradient",
    sizes="any number t of steps",
)
def adam_constant() -> Derivation:
    """Every step with the same gradient is −η g/(|g| + ε): unlike Adagrad's, the rate does not fall."""
    given = Given(sizes=(step,), domain={beta1: "unit", beta2: "unit"})
    d = Derivation(
        "stochastic.adam-constant",
        mean(slope, (1 - beta1 ** (step - 1)) * slope) / (1 - beta1**step),
        given,
        title="The corrected mean",
    )
    d.step(
        lambda: (beta1 * (1 - beta1 ** (step - 1)) + (1 - beta1)) * slope / (1 - beta1**step),
        because="one update of the running mean",
    )
    d.step(slope, because="$\\beta(1 - \\beta^{t-1}) + (1 - \\beta) = 1 - \\beta^t$")
    d.part(
        "The corrected mean of squares",
        square(slope, (1 - beta2 ** (step - 1)) * slope**2) / (1 - beta2**step),
    )
    d.step(slope**2, because="in the same way")
    d.part("The step", lambda: -eta * slope / (sqrt(slope**2) + eps))
    return d.step(lambda: -eta * slope / (Abs(slope) + eps), because="the root of a square").qed()


@derivation(
    "stochastic.adam-scale",
    task="HW4-3.3a",
    title="Adam does not see the size of the cost",
    sizes="one weight",
)
def adam_scale() -> Derivation:
    """With ε = 0 a cost multiplied by c > 0 gives the same step: c cancels between m and √v."""

    def move(times: Expr) -> Expr:
        scaled = mean(times * slope, times * first), square(times * slope, times**2 * second)
        return -eta * (scaled[0] / (1 - beta1**step)) / sqrt(scaled[1] / (1 - beta2**step))

    given = Given(sizes=(step,), domain={beta1: "unit", beta2: "unit"})
    d = Derivation("stochastic.adam-scale", move(size), given)
    return d.step(move(Integer(1)), because="$c/\\sqrt{c^2} = 1$").qed()


@derivation(
    "stochastic.adam-uncorrected",
    task="HW4-3.3a",
    title="the first step without the corrections",
    sizes="β₁ = 0.9, β₂ = 0.999",
)
def adam_uncorrected() -> Derivation:
    """Without them the first step is (1 − β₁)/√(1 − β₂) = √10 times as long, with the usual β."""
    ratio = define("ratio", (beta1, beta2), (1 - beta1) / sqrt(1 - beta2))
    d = Derivation("stochastic.adam-uncorrected", ratio(Rational(9, 10), Rational(999, 1000)))
    d.step(lambda: Rational(1, 10) / sqrt(Rational(1, 1000)), because="$1 - \\beta$")
    return d.step(sqrt(10), because="$\\sqrt{1000}/10 = \\sqrt{10}$, about 3.16").qed()


# ---------------------------------------------------------------- the reports' errors
@erratum(
    "HW3-4.2/A-rate",
    where="4.2, the results for λ = 1",
    said=r"with $\lambda = 1$ the rate 1 performs worse, like any other setting",
)
def report_a_rate() -> Lines:
    factor = 1 + 2 * curve + curve**2  # (1 - eta (h + 2 lambda))**2 at eta = lambda = 1, multiplied out
    return Lines(Limit(factor**t, t, oo), 0, oo)
