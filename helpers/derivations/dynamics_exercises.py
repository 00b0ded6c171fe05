"""Exercises of chapter 08: λ by descent, a sigmoid unit's factor, the widest interval, momentum."""

from __future__ import annotations

from sympy import Symbol, cosh, log, sinh, tanh

from helpers.notation import b, eps, eta, i, lam, mu, n, sigma, u, w
from helpers.proof import Given, Partial, define
from helpers.proof.answers import Exercise, Mistake

from ._registry import exercise
from .dynamics import DATA, objective
from .dynamics_interval import r2, size, width
from .dynamics_interval import s as shape
from .dynamics_momentum import g, h, p, r

sinh_u, cosh_u, tanh_u = (define(f.__name__, (u,), f(u)) for f in (sinh, cosh, tanh))


@exercise("dynamics.penalty-descent", task="HW4-2.1")
def penalty_descent() -> Exercise:
    return Exercise(
        id="",
        prompt="$J = C + \\lambda\\sum_i w_i^2$, where the mean cross-entropy $C$ does not contain "
        "$\\lambda$. Gradient descent of rate $\\varepsilon$ takes one step on $\\lambda$ itself. Write "
        "$\\lambda$ after it.",
        answer="lambda - epsilon*sum(w[i]^2, i, 1, n)",
        given=DATA,
        quantity="λ after the step",
        vocabulary={"lambda": lam, "epsilon": eps, "w": w, "i": i, "n": n},
        question=lam - eps * Partial(objective(), lam),
        mistakes=(
            Mistake(
                "the step goes uphill",
                "lambda + epsilon*sum(w[i]^2, i, 1, n)",
                "Descent subtracts the derivative.",
            ),
            Mistake(
                "the penalty itself is the derivative",
                "lambda - epsilon*lambda*sum(w[i]^2, i, 1, n)",
                "λ is a factor of the penalty: differentiate by it.",
            ),
            Mistake(
                "differentiated by the weights",
                "lambda - 2*epsilon*lambda*sum(w[i], i, 1, n)",
                "The step is on λ, so the derivative is by λ.",
            ),
            Mistake(
                "a factor 2 too many",
                "lambda - 2*epsilon*sum(w[i]^2, i, 1, n)",
                "The squares are not differentiated.",
            ),
            Mistake(
                "the square is missing", "lambda - epsilon*sum(w[i], i, 1, n)", "The penalty adds squares."
            ),
            Mistake("λ does not move", "lambda", "J does contain λ."),
        ),
    )


@exercise("dynamics.factor", task="HW4-2.2")
def factor() -> Exercise:
    weight, a = Symbol("w", real=True), Symbol("a", real=True)
    out = define("o", (), sigma(weight * a + b))()
    return Exercise(
        id="",
        prompt="A logistic unit has one input $a$ and the output $o = \\sigma(wa + b)$. By which "
        "factor does it multiply a gradient on its way back? Write $\\partial o/\\partial a$ "
        "with $w$ and $o$.",
        answer="w*o*(1 - o)",
        given=Given(),
        vocabulary={"w": weight, "o": out, "a": a, "b": b},
        question=Partial(out, a),
        quantity="the factor",
        mistakes=(
            Mistake("the weight is missing", "o*(1 - o)", "z = wa + b is differentiated too."),
            Mistake(
                "the input stands where the weight belongs", "a*o*(1 - o)", "That is the derivative by w."
            ),
            Mistake("σ′ is missing", "w", "The activation has a slope of its own."),
            Mistake("σ stands where σ′ belongs", "w*o", "Write the slope of σ with its output."),
            Mistake("one factor of σ′ is missing", "w*(1 - o)", "σ′ = σ(1 − σ) has two factors."),
            Mistake("the weight counts twice", "w^2*o*(1 - o)", "The chain passes z once."),
            Mistake("the sign is wrong", "-w*o*(1 - o)", "σ rises: with w > 0 the output rises with a."),
        ),
    )


@exercise("dynamics.width", task="HW4-2.3b")
def width_of_interval() -> Exercise:
    v = define("v", (), size)()
    return Exercise(
        id="",
        prompt="Let $v = |w| > 4$. The condition $v\\,\\sigma'(wa + b) \\ge 1$ holds for $r_1 \\le "
        "e^{-(wa+b)} \\le r_2$, where $r_2 = (v - 2 + \\sqrt{v(v-4)})/2$ and $r_1 = 1/r_2$. Write the "
        "width of the interval of $a$ with $v$ and $r_2$ (or with $v$ alone).",
        answer="2/v*log(r2)",
        given=Given(),
        vocabulary={"v": v, "r2": r2, "b": b},
        quantity="the width",
        question=-(log(1 / r2) + b) / size + (log(r2) + b) / size,
        mistakes=(
            Mistake("a factor 2 is missing", "log(r2)/v", "The interval has two halves: ln r₁ = −ln r₂."),
            Mistake("not divided by the weight", "2*log(r2)", "That is the width in z = wa + b."),
            Mistake("the weight multiplies", "2*v*log(r2)", "A steep unit has a narrow interval."),
            Mistake("the sign is wrong", "-2/v*log(r2)", "Which end is the right one?"),
            Mistake(
                "the difference of the roots is taken",
                "(r2 - 1/r2)/v",
                "The ends in a are logarithms of the roots.",
            ),
            Mistake("the bias is left", "(2*log(r2) - b)/v", "The bias moves both ends."),
            Mistake("4 stands where 2 belongs", "4/v*log(r2)", "ln(r₂/r₁) is the logarithm of a square."),
        ),
    )


@exercise("dynamics.width-slope", task="HW4-2.3c")
def width_slope() -> Exercise:
    return Exercise(
        id="",
        prompt="As a function of $s > 0$ the width is $s/(1 + \\cosh s)$. Write its derivative.",
        answer="(1 + cosh(s) - s*sinh(s))/(1 + cosh(s))^2",
        given=Given(),
        quantity="the derivative",
        vocabulary={"s": shape, "cosh": cosh_u, "sinh": sinh_u, "tanh": tanh_u},
        question=Partial(width, shape),
        mistakes=(
            Mistake(
                "the numerator's sign is wrong",
                "(1 + cosh(s) + s*sinh(s))/(1 + cosh(s))^2",
                "The quotient rule subtracts; cosh′ = + sinh.",
            ),
            Mistake(
                "numerator and denominator are differentiated apart", "1/sinh(s)", "Use the quotient rule."
            ),
            Mistake(
                "the denominator is not squared",
                "(1 + cosh(s) - s*sinh(s))/(1 + cosh(s))",
                "The quotient rule has v² below the line.",
            ),
            Mistake(
                "s is held fixed above the line", "-s*sinh(s)/(1 + cosh(s))^2", "Both parts depend on s."
            ),
            Mistake("the denominator is held fixed", "1/(1 + cosh(s))", "Both parts depend on s."),
            Mistake("s is lost", "(1 + cosh(s) - sinh(s))/(1 + cosh(s))^2", "u v′ has the factor u."),
            Mistake(
                "cosh is differentiated to itself",
                "(1 + cosh(s) - s*cosh(s))/(1 + cosh(s))^2",
                "The derivative of cosh is sinh.",
            ),
        ),
    )


@exercise("dynamics.characteristic", task="HW4-2.4")
def characteristic() -> Exercise:
    return Exercise(
        id="",
        prompt="One step of momentum on a quadratic: $v \\leftarrow \\mu v - hw$, then "
        "$w \\leftarrow w + v$ with the new $v$. Write the characteristic polynomial in $r$ of this map of "
        "$(w, v)$, with leading term $r^2$.",
        answer="r^2 - (1 + mu - h)*r + mu",
        given=Given(),
        vocabulary={"r": r, "mu": mu, "h": h},
        question=(r - (1 - h)) * (r - mu) - (-mu) * h,
        quantity="the polynomial",
        mistakes=(
            Mistake(
                "the old velocity moves the weight",
                "r^2 - (1 + mu)*r + mu + h",
                "The weight moves by the new velocity, which has −hw in it.",
            ),
            Mistake("the sign of h is wrong", "r^2 - (1 + mu + h)*r + mu", "The step is against the slope."),
            Mistake(
                "the sign of the trace is wrong",
                "r^2 + (1 + mu - h)*r + mu",
                "The linear coefficient is minus the trace.",
            ),
            Mistake(
                "the sign of the determinant is wrong",
                "r^2 - (1 + mu - h)*r - mu",
                "The constant is the determinant; both its terms count.",
            ),
            Mistake(
                "the off-diagonal product is forgotten",
                "r^2 - (1 + mu - h)*r + mu*(1 - h)",
                "The determinant of a 2 × 2 matrix has two products.",
            ),
            Mistake(
                "the weight itself is forgotten",
                "r^2 - (mu - h)*r + mu",
                "The new weight is the old one plus the velocity.",
            ),
            Mistake("momentum is forgotten", "r^2 - (1 - h)*r", "Without μ there is one root, 1 − h."),
        ),
    )


@exercise("dynamics.other-edge", task="HW4-2.4")
def other_edge() -> Exercise:
    return Exercise(
        id="",
        prompt="$p(r) = r^2 - (1 + \\mu - h)r + \\mu$. Where $-1$ is a root the weight flips its "
        "sign at each step and just does not converge. Write $p(-1)$: its sign decides how large $h$ may be.",
        answer="2 + 2*mu - h",
        given=Given(),
        vocabulary={"mu": mu, "h": h},
        question=p(-1),
        quantity="p(−1)",
        mistakes=(
            Mistake("this is p(1)", "h", "Put r = −1, not r = 1."),
            Mistake("the sign of h is wrong", "2 + 2*mu + h", "−(1 + μ − h)·(−1) is 1 + μ − h."),
            Mistake("μ counts once", "2 + mu - h", "μ stands in two coefficients."),
            Mistake("the square is negative", "2*mu - h", "(−1)² is 1."),
            Mistake("μ cancels", "2 - h", "That is the bound without momentum."),
            Mistake(
                "μ has the wrong sign", "2 - 2*mu - h", "Does momentum allow a larger rate or a smaller one?"
            ),
        ),
    )


@exercise("dynamics.steady", task="HW4-2.4")
def steady() -> Exercise:
    return Exercise(
        id="",
        prompt="On a constant slope $g$ the velocity follows $v_t = \\mu v_{t-1} - \\eta g$ from "
        "$v_0 = 0$. Write $v_3$.",
        answer="-eta*g*(1 + mu + mu^2)",
        given=Given(),
        vocabulary={"mu": mu, "eta": eta, "g": g},
        question=mu * (mu * (mu * 0 - eta * g) - eta * g) - eta * g,
        quantity="the velocity",
        mistakes=(
            Mistake("the steps are not damped", "-3*eta*g", "An old step counts μ times in the next."),
            Mistake("one step too many", "-eta*g*(1 + mu + mu^2 + mu^3)", "v₁ is one step from rest."),
            Mistake("one step too few", "-eta*g*(1 + mu)", "That is the velocity one step before."),
            Mistake("only the oldest step is left", "-eta*g*mu^2", "Each step adds −ηg of its own."),
            Mistake("the sign is wrong", "eta*g*(1 + mu + mu^2)", "The steps go against the slope."),
            Mistake(
                "every step is damped once more",
                "-eta*g*(mu + mu^2 + mu^3)",
                "The newest step counts in full.",
            ),
            Mistake(
                "this is where it ends, not v₃", "-eta*g/(1 - mu)", "The limit is reached only in the end."
            ),
        ),
    )
