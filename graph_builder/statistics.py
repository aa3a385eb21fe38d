"""Printed ratios with intervals into log ratios, standard errors, p values and pooled effects."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING, Any, Literal, get_args

if TYPE_CHECKING:
    import numpy as np

Method = Literal["fixed", "dl", "pm-hk"]
"""Fixed effect; random effects of DerSimonian and Laird; of Paule and Mandel, with the interval of
Hartung and Knapp."""

METHODS: tuple[Method, ...] = get_args(Method)

_NORMAL = NormalDist()
_NUMBER_WORDS = (
    "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve",
)  # fmt: skip
_PRECISION = 1e-4
"""How far the estimating equation of Paule and Mandel may be from its degrees of freedom."""


class NotPoolableError(ValueError):
    """Numbers that no ratio, interval or pooled effect can come from; says which and why."""


@dataclass(frozen=True)
class Effect:
    """A ratio with its interval, as printed; `level` in percent, `measure` such as hazard_ratio."""

    label: str
    measure: str
    ratio: float
    low: float | None
    high: float | None
    level: float | None

    @property
    def log_ratio(self) -> float:
        """The natural logarithm of the ratio."""
        return log_ratio(self.ratio, self.label)

    @property
    def standard_error(self) -> float:
        """The standard error of the log ratio, out of the interval.

        Raises:
            NotPoolableError: a bound or the level is missing, or they are no interval of a ratio.
        """
        if self.low is None or self.high is None or self.level is None:
            missing = "its level is" if self.low and self.high else "one of its bounds is"
            raise NotPoolableError(f"{self.label} has no full interval: {missing} missing")
        return standard_error(self.low, self.high, self.level, self.label)

    def inverted(self) -> Effect:
        """The same effect with the groups of its contrast changed round."""
        low = None if self.high is None else 1 / self.high
        high = None if self.low is None else 1 / self.low
        return Effect(self.label, self.measure, 1 / self.ratio, low, high, self.level)


@dataclass(frozen=True)
class Bounds:
    """An interval of a ratio."""

    low: float
    high: float

    @property
    def logs(self) -> tuple[float, float]:
        """The bounds on the log scale."""
        return math.log(self.low), math.log(self.high)


@dataclass(frozen=True)
class Pooled:
    """One pooled effect: ratio and interval, its log and standard error, how studies differ.

    `weights` are shares of 1 in the order of the effects given. `tau2`, on the log scale, is 0
    under the fixed effect; `i2` is a share of 1. `prediction` is absent under the fixed effect and
    for fewer than three studies.
    """

    method: Method
    level: float
    count: int
    measure: str
    ratio: float
    interval: Bounds
    log_ratio: float
    standard_error: float
    p: float
    weights: tuple[float, ...]
    tau2: float
    i2: float
    q: float
    q_p: float
    prediction: Bounds | None

    @property
    def q_degrees_of_freedom(self) -> int:
        """The degrees of freedom of Q: one fewer than studies."""
        return self.count - 1


def log_ratio(ratio: float, label: str = "the ratio") -> float:
    """The natural logarithm of a ratio.

    Raises:
        NotPoolableError: the ratio is not above 0.
    """
    if not ratio > 0 or math.isinf(ratio):
        raise NotPoolableError(f"{label}: a ratio lies above 0, and {ratio:g} does not")
    return math.log(ratio)


def standard_error(low: float, high: float, level: float, label: str = "the interval") -> float:
    """The standard error of a log ratio, its interval taken as symmetric on the log scale.

    Args:
        low: the lower bound of the ratio.
        high: the upper bound of the ratio.
        level: of the interval, in percent: 90 is not 95.
        label: what a message calls the interval.

    Raises:
        NotPoolableError: bounds not above 0 or not in order, or a level that is no percentage.

    Source: Parmar, Torri and Stewart, Stat Med 1998;17:2815-34.
    >>> round(standard_error(0.49, 1.00, 95), 3)
    0.182
    >>> round(standard_error(0.49, 1.00, 90), 3)
    0.217
    """
    if not 0 < low < high or math.isinf(high):
        raise NotPoolableError(f"{label}: {low:g} to {high:g} is no interval of a ratio")
    return (math.log(high) - math.log(low)) / (2 * normal_quantile(level, label))


def normal_quantile(level: float, label: str = "the interval") -> float:
    """How many standard errors an interval of a level in percent reaches to each side.

    >>> round(normal_quantile(95), 2)
    1.96
    """
    if not 0 < level < 100:
        raise NotPoolableError(f"{label}: a level lies between 0 and 100 percent, not at {level:g}")
    return _NORMAL.inv_cdf(0.5 + level / 200)


def p_value(ratio: float, low: float, high: float, level: float) -> float:
    """The two-sided p of a ratio against 1, out of its interval.

    Source: Altman and Bland, BMJ 2011;343:d2304.
    >>> round(p_value(0.66, 0.49, 0.88, 95), 3)
    0.005
    """
    z = abs(log_ratio(ratio)) / standard_error(low, high, level)
    return math.erfc(z / math.sqrt(2))


def interval(ratio: float, error: float, level: float) -> Bounds:
    """The interval of a ratio whose log has the standard error given; `level` in percent.

    >>> bounds = interval(0.7, 0.182, 95)
    >>> round(bounds.low, 2), round(bounds.high, 2)
    (0.49, 1.0)
    """
    reach = normal_quantile(level) * error
    return Bounds(ratio * math.exp(-reach), ratio * math.exp(reach))


def decimals(printed: str) -> int:
    """How many digits a printed number has after its point.

    >>> decimals("0.70"), decimals("3")
    (2, 0)
    """
    return len(printed.strip().partition(".")[2])


def rounds_to(computed: float, printed: str) -> bool:
    """Whether a computed number, rounded to the digits printed, is the printed one.

    Either neighbour is taken where the computed number lies half way between two.

    >>> rounds_to(0.9688, "0.97"), rounds_to(0.9688, "0.96")
    (True, False)
    """
    half = 0.5 * 10 ** -decimals(printed)
    return bool(abs(computed - float(printed)) <= half * (1 + 1e-9))


def count_of(text: str) -> int | None:
    """A number of things as printed, in digits or as a word; None where it is neither.

    >>> count_of("three"), count_of("42"), count_of("several")
    (3, 42, None)
    """
    word = text.strip().casefold()
    if word in _NUMBER_WORDS:
        return _NUMBER_WORDS.index(word)
    digits = word.replace(",", "").replace(" ", "")
    return int(digits) if digits.isdigit() else None


def pool(effects: Sequence[Effect], method: Method = "dl", *, level: float = 95) -> Pooled:
    """The effect of studies taken together, weighted by inverse variance on the log scale.

    Args:
        effects: two or more of one measure, of studies that share no patient.
        method: fixed, dl (DerSimonian-Laird, normal interval) or pm-hk (Paule-Mandel with the
            interval of Hartung and Knapp, never narrower than without it).
        level: of the intervals given back, in percent.

    Raises:
        NotPoolableError: fewer than two effects, a missing interval, measures mixed.

    Source: DerSimonian and Laird, Control Clin Trials 1986;7:177-88; Paule and Mandel, J Res Natl
    Bur Stand 1982;87:377-85; Knapp and Hartung, Stat Med 2003;22:2693-710; Higgins, Thompson and
    Spiegelhalter, J R Stat Soc A 2009;172:137-59 (prediction interval: t with k - 2 degrees).
    """
    _check(effects, method)
    combined = _combined(effects, method)
    mean, error = _mean_and_error(combined, method)
    reach, p = _reach_and_p(mean / error, combined.k - 1, method, level)
    tau2 = 0.0 if method == "fixed" else float(combined.tau2)
    homogeneity = combined.test_homogeneity()
    weights = combined.weights_rel_fe if method == "fixed" else combined.weights_rel_re
    return Pooled(
        method,
        level,
        int(combined.k),
        effects[0].measure,
        math.exp(mean),
        _bounds(mean, reach * error),
        mean,
        error,
        p,
        tuple(float(weight) for weight in weights),
        tau2,
        max(0.0, 1 - (combined.k - 1) / float(combined.q)) if combined.q > 0 else 0.0,
        max(0.0, float(combined.q)),
        float(homogeneity.pvalue),
        None if method == "fixed" else _prediction(mean, tau2 + error**2, combined.k, level),
    )


def check_effect(effect: Effect) -> None:
    """Refuses a ratio or interval that cannot be brought to the log scale.

    Raises:
        NotPoolableError: says which number of which effect.
    """
    log_ratio(effect.ratio, effect.label)
    if not effect.standard_error > 0:
        raise NotPoolableError(f"{effect.label}: its interval has no width")


def _check(effects: Sequence[Effect], method: Method) -> None:
    if method not in METHODS:
        raise NotPoolableError(f"{method} is no method: use one of {', '.join(METHODS)}")
    if len(effects) < 2:
        raise NotPoolableError(f"pooling takes at least 2 effects, not {len(effects)}")
    measures = sorted({effect.measure for effect in effects})
    if len(measures) > 1:
        raise NotPoolableError(f"{' and '.join(measures)} are not pooled together")


def _combined(effects: Sequence[Effect], method: Method) -> Any:
    """What statsmodels makes of the effects, with a variance between studies that is not below 0.

    Its one-step estimate is asked for only where Q exceeds its degrees of freedom: below them it
    turns negative, where DerSimonian and Laird set 0 and Paule and Mandel give 0.
    """
    import numpy as np  # noqa: PLC0415  (slow to import, only for pooling)
    from statsmodels.stats.meta_analysis import (  # noqa: PLC0415  (slow to import, only for pooling)
        combine_effects,
    )

    means = np.array([effect.log_ratio for effect in effects])
    variances = np.array([effect.standard_error**2 for effect in effects])
    with np.errstate(divide="ignore", invalid="ignore"):  # its I2 divides by Q, which may be 0
        combined = combine_effects(means, variances, method_re="iterated", maxiter=500)
        if method == "dl" and combined.q > combined.k - 1:
            combined = combine_effects(means, variances, method_re="dl")
    if method == "pm-hk":
        _check_converged(combined, means, variances)
    return combined


def _check_converged(combined: Any, means: np.ndarray, variances: np.ndarray) -> None:
    """Refuses a variance that does not solve its equation: statsmodels gives its last guess."""
    weights = 1 / (variances + combined.tau2)
    mean = (weights * means).sum() / weights.sum()
    excess = (weights * (means - mean) ** 2).sum() - (len(means) - 1)
    if abs(excess) > _PRECISION and not (combined.tau2 == 0 and excess < 0):
        raise NotPoolableError("the iteration of Paule and Mandel does not settle; use method dl")


def _mean_and_error(combined: Any, method: Method) -> tuple[float, float]:
    if method == "fixed":
        return float(combined.mean_effect_fe), float(combined.sd_eff_w_fe)
    error = float(combined.sd_eff_w_re)
    if method == "pm-hk":
        error = max(error, float(combined.sd_eff_w_re_hksj))
    return float(combined.mean_effect_re), error


def _reach_and_p(
    statistic: float, degrees: int, method: Method, level: float
) -> tuple[float, float]:
    """Standard errors to each side, and p: of t for Hartung and Knapp, else of the normal."""
    if method != "pm-hk":
        return normal_quantile(level), math.erfc(abs(statistic) / math.sqrt(2))
    from scipy.stats import t  # noqa: PLC0415  (slow to import, only for pooling)

    return float(t.isf(0.5 - level / 200, degrees)), float(2 * t.sf(abs(statistic), degrees))


def _prediction(mean: float, variance: float, count: int, level: float) -> Bounds | None:
    if count < 3:
        return None
    from scipy.stats import t  # noqa: PLC0415  (slow to import, only for pooling)

    return _bounds(mean, float(t.isf(0.5 - level / 200, count - 2)) * math.sqrt(variance))


def _bounds(mean: float, reach: float) -> Bounds:
    return Bounds(math.exp(mean - reach), math.exp(mean + reach))
