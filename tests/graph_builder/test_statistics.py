"""Ratios to logs and back, and pooled effects against worked examples of the literature."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph_builder.statistics import (
    METHODS,
    Effect,
    Method,
    NotPoolableError,
    interval,
    p_value,
    pool,
    rounds_to,
    standard_error,
)


def effect(log: float, variance: float, label: str = "a study", level: float = 95) -> Effect:
    bounds = interval(math.exp(log), math.sqrt(variance), level)
    return Effect(label, "hazard_ratio", math.exp(log), bounds.low, bounds.high, level)


BORENSTEIN = [
    effect(0.0945, 0.0329), effect(0.2774, 0.0307), effect(0.3665, 0.0499),
    effect(0.6644, 0.0105), effect(0.4618, 0.0427), effect(0.1852, 0.0234),
]  # fmt: skip
"""Six differences of Borenstein and others, Introduction to Meta-Analysis, 2009, chapter 14."""

KACKER = [
    effect(mean, variance)
    for mean, variance in zip(
        (61.00, 61.40, 62.21, 62.30, 62.34, 62.60, 62.70, 62.84, 65.90),
        (0.2025, 1.2100, 0.0900, 0.2025, 0.3844, 0.5625, 0.0676, 0.0225, 1.8225),
        strict=True,
    )
]
"""Nine laboratories of Kacker, Metrologia 2004;41:132-6, table 1."""

EFFECTS = st.lists(
    st.builds(effect, st.floats(-1.5, 1.5), st.floats(0.005, 1.0)), min_size=2, max_size=8
)
METHOD = st.sampled_from(METHODS)


def test_the_fixed_effect_of_borenstein_is_reproduced() -> None:
    pooled = pool(BORENSTEIN, "fixed")
    assert pooled.log_ratio == pytest.approx(0.414, abs=0.0005)
    assert pooled.standard_error == pytest.approx(0.064, abs=0.0005)
    assert pooled.q == pytest.approx(12.00, abs=0.02)
    assert pooled.tau2 == 0
    assert pooled.prediction is None


def test_the_random_effects_of_borenstein_are_reproduced() -> None:
    pooled = pool(BORENSTEIN, "dl")
    assert pooled.log_ratio == pytest.approx(0.358, abs=0.0005)
    assert pooled.standard_error == pytest.approx(0.105, abs=0.0005)
    assert pooled.tau2 == pytest.approx(0.037, abs=0.0005)
    assert 100 * pooled.i2 == pytest.approx(58.34, abs=0.1)
    assert pooled.interval.logs == pytest.approx((0.152, 0.565), abs=0.001)


def test_the_prediction_interval_is_that_of_higgins_with_t_of_k_minus_2() -> None:
    pooled = pool(BORENSTEIN, "dl")
    assert pooled.prediction is not None
    reach = 2.7764 * math.sqrt(pooled.tau2 + pooled.standard_error**2)  # t of 4 degrees, 97.5%
    expected = (pooled.log_ratio - reach, pooled.log_ratio + reach)
    assert pooled.prediction.logs == pytest.approx(expected, abs=0.0001)


def test_paule_and_mandel_give_the_spread_between_laboratories_of_kacker() -> None:
    assert math.sqrt(pool(KACKER, "pm-hk").tau2) == pytest.approx(0.8399, abs=6e-5)
    assert math.sqrt(pool(KACKER, "dl").tau2) == pytest.approx(0.5359, abs=1e-3)


def test_the_hazard_ratios_of_three_trials_pool_as_pymare_pools_them() -> None:
    trials = [
        Effect("TATA", "hazard_ratio", 1.04, 0.81, 1.34, 95),
        Effect("MF07-01", "hazard_ratio", 0.66, 0.49, 0.88, 95),
        Effect("ABCSG-28", "hazard_ratio", 0.691, 0.358, 1.333, 95),
    ]
    random, fixed = pool(trials, "dl"), pool(trials, "fixed")
    # PyMARE 0.0.9: DerSimonianLaird, and WeightedLeastSquares(tau2=0)
    assert (random.log_ratio, random.tau2) == pytest.approx((-0.21472336, 0.05803139), abs=1e-7)
    assert (random.q, random.i2) == pytest.approx((5.71020715, 0.6497500), abs=1e-6)
    assert fixed.log_ratio == pytest.approx(-0.17080550, abs=1e-7)
    assert fixed.standard_error == pytest.approx(0.09351538, abs=1e-7)


def test_an_interval_of_90_percent_tells_a_larger_standard_error_than_one_of_95() -> None:
    assert standard_error(0.82, 1.52, 90) / standard_error(0.82, 1.52, 95) == pytest.approx(
        1.959964 / 1.644854, abs=1e-5
    )


def test_p_from_the_interval_is_the_p_that_trials_print() -> None:
    assert round(p_value(0.66, 0.49, 0.88, 95), 3) == 0.005  # MF07-01
    assert round(p_value(1.11, 0.82, 1.52, 90), 2) == 0.58  # E2108, printed 0.57


@given(st.floats(-2, 2), st.floats(0.01, 1), st.sampled_from((80, 90, 95, 99)))
def test_the_interval_gives_its_standard_error_back_at_every_level(
    log: float, error: float, level: float
) -> None:
    bounds = interval(math.exp(log), error, level)
    assert standard_error(bounds.low, bounds.high, level) == pytest.approx(error)


@settings(deadline=None)
@given(EFFECTS, METHOD)
def test_inverting_every_ratio_inverts_the_pooled_one_and_keeps_heterogeneity(
    effects: list[Effect], method: Method
) -> None:
    one = pool(effects, method)
    other = pool([each.inverted() for each in effects], method)
    assert other.log_ratio == pytest.approx(-one.log_ratio, abs=1e-6)
    assert other.interval.low == pytest.approx(1 / one.interval.high, rel=1e-6)
    assert (other.i2, other.tau2) == pytest.approx((one.i2, one.tau2), abs=1e-6)


@settings(deadline=None)
@given(EFFECTS.flatmap(lambda them: st.tuples(st.just(them), st.permutations(them))), METHOD)
def test_the_order_of_studies_changes_nothing(
    given_twice: tuple[list[Effect], list[Effect]], method: Method
) -> None:
    one, other = (pool(effects, method) for effects in given_twice)
    assert other.log_ratio == pytest.approx(one.log_ratio, abs=1e-6)
    assert other.standard_error == pytest.approx(one.standard_error, rel=1e-5)


@settings(deadline=None)
@given(EFFECTS, METHOD)
def test_weights_are_shares_and_the_pooled_ratio_lies_among_the_ratios(
    effects: list[Effect], method: Method
) -> None:
    pooled = pool(effects, method)
    ratios = [each.ratio for each in effects]
    assert sum(pooled.weights) == pytest.approx(1)
    assert all(weight > 0 for weight in pooled.weights)
    assert min(ratios) * (1 - 1e-9) <= pooled.ratio <= max(ratios) * (1 + 1e-9)


@settings(deadline=None)
@given(EFFECTS)
def test_random_effects_are_never_surer_than_the_fixed_effect(effects: list[Effect]) -> None:
    fixed = pool(effects, "fixed")
    for method in ("dl", "pm-hk"):
        assert pool(effects, method).standard_error >= fixed.standard_error * (1 - 1e-9)


@settings(deadline=None)
@given(EFFECTS, METHOD)
def test_a_higher_level_makes_a_wider_interval_and_the_same_ratio(
    effects: list[Effect], method: Method
) -> None:
    narrow, wide = pool(effects, method, level=90), pool(effects, method, level=95)
    assert wide.ratio == narrow.ratio
    assert wide.interval.low < narrow.interval.low
    assert wide.interval.high > narrow.interval.high


def test_a_study_with_half_the_variance_weighs_twice_as_much_under_the_fixed_effect() -> None:
    small, large = pool([effect(0, 0.2), effect(1, 0.1)], "fixed").weights
    assert large == pytest.approx(2 * small)


def test_studies_that_agree_have_no_variance_between_them() -> None:
    pooled = pool([effect(-0.3, 0.05), effect(-0.29, 0.04), effect(-0.31, 0.06)], "dl")
    fixed = pool([effect(-0.3, 0.05), effect(-0.29, 0.04), effect(-0.31, 0.06)], "fixed")
    assert (pooled.tau2, pooled.i2) == (0, 0)
    assert pooled.weights == fixed.weights
    assert pooled.interval == fixed.interval


def test_the_same_study_given_twice_keeps_its_ratio() -> None:
    once = effect(-0.5, 0.1)
    pooled = pool([once, once], "fixed")
    assert pooled.ratio == pytest.approx(once.ratio)
    assert pooled.standard_error == pytest.approx(once.standard_error / math.sqrt(2))


@pytest.mark.parametrize(
    ("effects", "message"),
    [
        ([effect(0, 1)], "at least 2 effects, not 1"),
        ([effect(0, 1), Effect("CURB", "hazard_ratio", 0.53, None, None, None)], "CURB has no"),
        ([effect(0, 1), Effect("A", "hazard_ratio", 0.5, 0.2, 0.9, None)], "its level is missing"),
        ([effect(0, 1), Effect("B", "odds_ratio", 0.5, 0.2, 0.9, 95)], "not pooled together"),
        ([effect(0, 1), Effect("C", "hazard_ratio", 0.5, 0.9, 0.2, 95)], "C: 0.9 to 0.2 is no"),
        ([effect(0, 1), Effect("D", "hazard_ratio", 0.0, 0.1, 0.2, 95)], "D: a ratio lies above"),
        ([effect(0, 1), Effect("E", "hazard_ratio", 0.5, 0.2, 0.9, 100)], "E: a level lies"),
    ],
)
def test_what_cannot_be_pooled_is_told(effects: list[Effect], message: str) -> None:
    with pytest.raises(NotPoolableError, match=message):
        pool(effects, "dl")


def test_a_computed_number_agrees_with_the_digits_it_rounds_to() -> None:
    assert rounds_to(0.5697, "0.57")
    assert not rounds_to(1.3096, "1.29")
    assert rounds_to(0.125, "0.12")
    assert rounds_to(0.125, "0.13")
