"""Audits of invented studies: for each kind one that must be found, and one that must not be."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from graph_builder.audit import findings_of
from graph_builder.audit.findings import Finding
from graph_builder.audit.rounding import Span, is_significant, p_of_interval, p_span
from graph_builder.audit.words import contradicts
from graph_builder.checks import codes
from graph_builder.reading import read_record
from graph_builder.records import Locator, Study
from graph_builder.terms import Terms

AT = "source: invented-2021, line: 5, at: Table 1"
OTHER = "source: invented-2022, line: 9"
BOTH = "contrast: {arm: surgery, versus: systemic}"
THIRD = (
    "- {id: surgery, label: surgery, role: intervention, interventions: [primary_tumour_surgery]}\n"
    "- {id: early, label: early surgery, role: intervention,"
    " interventions: [primary_tumour_surgery]}\n"
    "- {id: late, label: late surgery, role: intervention,"
    " interventions: [primary_tumour_surgery]}\n"
    "- {id: systemic, label: systemic therapy, role: comparator,"
    " interventions: [systemic_therapy]}"
)

Audit = Callable[..., list[Finding]]


@pytest.fixture
def audit(study: Callable[..., Study], terms: Terms) -> Audit:
    """The findings on an invented study with these facts and estimates."""

    def of(*estimates: str, facts: str = "[]", **blocks: str) -> list[Finding]:
        written = "\n".join(estimates) or "[]"
        one = study(facts=facts, estimates=written, statements="[]", **blocks)
        return findings_of([one], terms)

    return of


def kinds(found: list[Finding]) -> list[str]:
    return [one.kind for one in found]


def hazard(printed: str, more: str = BOTH, name: str = "hr") -> str:
    return result(name, "hazard_ratio", printed, more)


def result(
    name: str,
    measure: str,
    printed: str,
    more: str = "",
    about: str = "outcome: overall_survival",
    population: str = "randomised",
) -> str:
    """An estimate; `printed` holds the reports, parted by strokes."""
    reports = ", ".join(f"{{{one.strip()}, {AT}}}" for one in printed.split("|"))
    lines = [f"- id: {name}", about, f"population: {population}", f"measure: {measure}"]
    return "\n  ".join([*lines, *filter(None, [more]), f"reported: [{reports}]"])


def median(arm: str, value: str) -> str:
    more = f"arm: {arm}\n  unit: months"
    return result(f"median-{arm}", "median", f'value: "{value}"', more)


def rate(arm: str, value: str, years: int = 5, outcome: str = "overall_survival") -> str:
    more = f"arm: {arm}\n  unit: percent\n  at: {years} year"
    about = f"outcome: {outcome}"
    return result(f"rate-{arm}-{years}", "rate", f'value: "{value}"', more, about)


def share(category: str, value: str, arm: str = "surgery", about: str = "treated_site") -> str:
    name = f"share-{arm}-{category}"
    what = f"characteristic: {about}\n  category: {category}"
    more = f"arm: {arm}\n  unit: percent"
    return result(name, "proportion", f'value: "{value}"', more, what)


def count(category: str, value: str, about: str = "treated_site", arm: str = "surgery") -> str:
    what = f"characteristic: {about}\n  category: {category}"
    more = f"arm: {arm}\n  unit: patients"
    return result(f"count-{category}", "count", f'value: "{value}"', more, what)


def patients(word: str, *values: str, arm: str = "", population: str = "") -> str:
    reports = ", ".join(f'{{value: "{value}", {AT}}}' for value in values)
    of = f"  arm: {arm}\n" if arm else ""
    of += f"  population: {population}\n" if population else ""
    return f"- property: {word}\n{of}  unit: patients\n  reported: [{reports}]\n"


SIZED = patients("patients_randomised", "138", arm="surgery") + patients(
    "patients_randomised", "136", arm="systemic"
)


def test_two_prints_that_no_rounding_reconciles_are_told_with_both_places(audit: Audit) -> None:
    more = "arm: systemic\n  unit: months"
    printed = 'value: "37" | value: "35"'
    (found,) = audit(result("m", "median", printed, more))
    assert (found.kind, found.severity) == ("number_printed_differently", "contradictory")
    assert "37 (invented-2021 line 5); 35 (invented-2021 line 5)" in found.text
    assert found.id == "example-2020/number_printed_differently/m"


@pytest.mark.parametrize("second", ["13.6", "14", "13.55"])
def test_a_rounded_print_of_the_same_number_is_no_finding(audit: Audit, second: str) -> None:
    more = "arm: systemic\n  unit: months"
    assert audit(result("m", "median", f'value: "13.55" | value: "{second}"', more)) == []


def test_a_difference_between_two_sources_may_be_of_two_analyses(audit: Audit) -> None:
    estimate = median("systemic", "37").replace("]", f', {{value: "35", {OTHER}}}]')
    (found,) = audit(estimate)
    assert found.severity == "doubtful"
    assert "different analyses" in found.advice


@pytest.mark.parametrize(
    ("one", "two", "apart"),
    [("0.021", "0.023", True), ("0.008", "0.01", False), ("0.001", "<0.001", False),
     ("0.01", "<0.05", False), ("0.06", "<0.05", True)],
)  # fmt: skip
def test_p_values_differ_only_where_their_digits_do(
    audit: Audit, one: str, two: str, apart: bool
) -> None:
    found = audit(result("p", "p_value_only", f'p: "{one}" | p: "{two}"', BOTH))
    assert kinds(found) == ["number_printed_differently"] * apart


def test_numbers_of_patients_are_counted_and_not_rounded(audit: Audit) -> None:
    (found,) = audit(facts=patients("patients_randomised", "274", "278"))
    assert (found.kind, found.severity) == ("patient_count_printed_differently", "contradictory")
    assert audit(facts=patients("patients_randomised", "1,274", "1274")) == []


def test_a_ratio_for_surgery_beside_a_shorter_median_with_surgery_is_told(audit: Audit) -> None:
    ratio = hazard('value: "0.691", low: "0.358", high: "1.333", level: "95"')
    (found,) = audit(ratio, median("surgery", "34.6"), median("systemic", "54.8"))
    assert (found.kind, found.severity) == ("ratio_against_arms", "contradictory")
    assert "0.691 is in favour of surgery" in found.text
    assert len(found.prints) == 3


def test_a_median_that_the_interval_of_the_ratio_allows_is_noteworthy_only(audit: Audit) -> None:
    ratio = hazard('value: "1.11", low: "0.82", high: "1.52", level: "90"')
    (found,) = audit(ratio, median("surgery", "54.9"), median("systemic", "53.1"))
    assert (found.kind, found.severity) == ("ratio_against_arms", "noteworthy")


@pytest.mark.parametrize(("surgery", "systemic"), [("46", "37"), ("37", "37"), ("37.4", "37")])
def test_a_median_that_goes_with_the_ratio_or_is_alike_is_no_finding(
    audit: Audit, surgery: str, systemic: str
) -> None:
    ratio = hazard('value: "0.66", low: "0.49", high: "0.88", level: "95"')
    assert audit(ratio, median("surgery", surgery), median("systemic", systemic)) == []


def test_an_event_that_is_rarer_goes_with_a_ratio_below_one(audit: Audit) -> None:
    more = "contrast: {arm: surgery, versus: systemic}"
    about = "outcome: locoregional_progression"
    ratio = result("hr", "hazard_ratio", 'value: "0.34"', more, about)
    arms = [
        result(arm, "proportion", f'value: "{value}"', f"arm: {arm}\n  unit: percent", about)
        for arm, value in (("surgery", "16.3"), ("systemic", "39.8"))
    ]
    assert audit(ratio, *arms) == []
    turned = [one.replace("16.3", "49.8") for one in arms]
    assert kinds(audit(ratio, *turned)) == ["ratio_against_arms"]


def test_a_shorter_median_with_a_higher_rate_is_told(audit: Audit) -> None:
    arms = [median("surgery", "18"), median("systemic", "24")]
    rates = [rate("surgery", "26.7"), rate("systemic", "25.0")]
    assert kinds(audit(*arms, *rates)) == ["median_against_rate"]
    assert audit(*arms, rate("surgery", "24.0"), rate("systemic", "25.0")) == []


def test_two_findings_on_one_thing_have_names_of_their_own(audit: Audit) -> None:
    arms = [median("surgery", "18"), median("systemic", "24")]
    rates = [
        rate(arm, value, years)
        for years, values in ((3, ("40.1", "38.0")), (5, ("26.7", "25.0")))
        for arm, value in zip(("surgery", "systemic"), values, strict=True)
    ]
    first, second = audit(*arms, *rates)
    assert (first.kind, second.kind) == ("median_against_rate", "median_against_rate")
    assert "at 3 years" in first.text
    assert "at 5 years" in second.text
    assert second.id == f"{first.id}-2"


def test_a_ratio_printed_twice_is_one_finding_with_both_places(audit: Audit) -> None:
    once = hazard('value: "0.691", low: "0.358", high: "1.333", level: "95"')
    twice = once.replace("]", f', {{value: "0.691", {OTHER}}}]')
    (found,) = audit(twice, median("surgery", "34.6"), median("systemic", "54.8"))
    assert found.about == "hr-median"
    assert [one.place for one in found.prints if one.value == "0.691"] == [
        "invented-2021 line 5",
        "invented-2022 line 9",
    ]


def test_measures_of_one_comparison_are_brought_to_one_scale(audit: Audit) -> None:
    turned = "contrast: {arm: systemic, versus: surgery}\n  unit: times"
    ratio = hazard('value: "0.34", low: "0.21", high: "0.56", level: "95"')
    fold = result("fold", "relative_increase", 'value: "2.5"', turned)
    (found,) = audit(ratio, fold)
    assert (found.kind, found.severity) == ("effects_apart", "noteworthy")
    assert "the other way round the first is 2.9, and the second 2.5" in found.text
    assert audit(ratio, fold.replace("2.5", "2.9")) == []


def test_a_reduction_by_34_percent_is_a_ratio_of_066(audit: Audit) -> None:
    cut = result("cut", "relative_reduction", 'value: "34"', f"{BOTH}\n  unit: percent")
    assert audit(hazard('value: "0.66"'), cut) == []
    assert kinds(audit(hazard('value: "0.60"'), cut)) == ["effects_apart"]


def test_a_difference_of_rates_is_that_of_the_rates_but_for_rounding(audit: Audit) -> None:
    more = f"{BOTH}\n  unit: percent\n  at: 5 year"
    rates = [rate("surgery", "41.6"), rate("systemic", "24.4")]
    assert audit(result("d", "difference", 'value: "17"', more), *rates) == []
    assert kinds(audit(result("d", "difference", 'value: "19"', more), *rates)) == ["effects_apart"]


def test_an_interval_that_does_not_hold_its_value_is_told(audit: Audit) -> None:
    printed = 'value: "0.66", low: "0.70", high: "0.88", level: "95", note: printed so'
    assert kinds(audit(hazard(printed))) == ["value_outside_interval"]
    printed = 'value: "0.7", low: "0.70", high: "0.70", level: "95"'
    assert audit(hazard(printed)) == []


def test_a_percentage_with_bounds_in_fractions_is_told_as_mixed_units(audit: Audit) -> None:
    more = "arm: surgery\n  unit: percent"
    printed = 'value: "22", low: "0.08", high: "0.39", level: "95", note: printed so'
    assert kinds(audit(result("t", "proportion", printed, more))) == ["units_mixed"]
    printed = 'value: "22", low: "8", high: "39", level: "95"'
    assert audit(result("t", "proportion", printed, more)) == []


def test_a_ratio_off_the_middle_of_its_interval_is_told(audit: Audit) -> None:
    printed = 'value: "0.60", low: "0.49", high: "0.88", level: "95"'
    assert kinds(audit(hazard(printed))) == ["interval_off_centre"]
    printed = 'value: "0.97", low: "0.72", high: "1.29", level: "95"'  # 0.964 in the middle
    assert audit(hazard(printed)) == []


def test_a_p_value_that_the_interval_cannot_give_is_told(audit: Audit) -> None:
    printed = 'value: "0.66", low: "0.49", high: "0.88", level: "95", p: "0.05"'
    (found,) = audit(hazard(printed))
    assert found.kind == "p_against_interval"
    assert audit(hazard(printed.replace("0.05", "0.005"))) == []


def test_the_p_value_of_another_test_than_that_of_the_interval_is_no_finding(audit: Audit) -> None:
    printed = 'value: "0.691", low: "0.358", high: "1.333", level: "95", p: "0.267"'  # Wald: 0.270
    assert audit(hazard(printed)) == []


def test_a_level_of_its_own_under_the_heading_of_the_table_is_told(audit: Audit) -> None:
    headed = 'value: "0.34", low: "0.21", high: "0.56", level: "95", level_line: 3'
    own = 'value: "1.11", low: "0.82", high: "1.52", level: "90"'
    distant = hazard(headed, name="distant").replace("overall_survival", "distant_progression")
    other = distant.replace("distant_progression", "locoregional_progression")
    (found,) = audit(hazard(own), other)
    assert (found.kind, found.about) == ("level_against_heading", "hr")
    assert "line 3" in found.text
    assert audit(hazard(own.replace('"90"', '"95"')), other) == []


def test_words_against_an_interval_that_excludes_one_are_told(audit: Audit) -> None:
    printed = 'value: "0.3", low: "0.1", high: "0.9", level: "95", direction: {}, wording: w'
    (found,) = audit(hazard(printed.format("favours_comparator")))
    assert (found.kind, found.severity) == ("conclusion_against_number", "contradictory")
    assert audit(hazard(printed.format("favours_intervention"))) == []
    (found,) = audit(
        hazard(printed.format("favours_comparator"), f"{BOTH}\n  reference_stated: false")
    )
    assert found.severity == "doubtful"


@pytest.mark.parametrize(
    ("p", "direction", "wrong"),
    [("0.12", "favours_intervention", True), ("0.01", "no_difference_shown", True),
     ("0.05", "favours_intervention", False), ("0.06", "no_difference_shown", False),
     ("<0.05", "favours_intervention", False)],
)  # fmt: skip
def test_a_conclusion_is_held_against_its_p_value(
    audit: Audit, p: str, direction: str, wrong: bool
) -> None:
    found = audit(result("p", "p_value_only", f'p: "{p}", direction: {direction}', BOTH))
    assert kinds(found) == ["conclusion_against_number"] * wrong


def test_two_conclusions_on_one_comparison_are_told_together(audit: Audit) -> None:
    printed = "direction: favours_intervention, wording: a | direction: {}, wording: b"
    words = result("s", "statement_only", printed.format("no_difference_shown"), BOTH)
    assert kinds(audit(words)) == ["conclusions_apart"]
    words = result("s", "statement_only", printed.format("favours_intervention"), BOTH)
    assert audit(words) == []


def test_two_conclusions_at_two_times_do_not_contradict(audit: Audit) -> None:
    early = result("a", "statement_only", "direction: no_difference_shown, wording: a",
                   f"{BOTH}\n  at: 3 year")  # fmt: skip
    late = result("b", "statement_only", "direction: favours_intervention, wording: b",
                  f"{BOTH}\n  at: 5 year")  # fmt: skip
    assert audit(early, late) == []


def test_arms_that_do_not_add_up_to_the_whole_are_told(audit: Audit) -> None:
    (found,) = audit(facts=SIZED + patients("patients_randomised", "278"))
    assert found.kind == "parts_against_whole"
    assert "138, 136, together 274" in found.text
    assert audit(facts=SIZED + patients("patients_randomised", "274")) == []


def test_patients_without_data_or_registered_only_belong_to_no_arm(audit: Audit) -> None:
    missing = count("unknown", "4", "surgery_received", "surgery")
    missing = missing.replace("arm: surgery\n  ", "")
    whole = SIZED + patients("patients_randomised", "278")
    assert audit(missing, facts=whole) == []
    assert audit(facts=SIZED + patients("patients_registered", "300")) == []


def test_an_arm_that_nobody_counted_leaves_the_sum_open(audit: Audit) -> None:
    one = patients("patients_randomised", "138", arm="surgery")
    assert audit(facts=one + patients("patients_randomised", "278")) == []


def test_classes_that_shut_each_other_out_add_up_to_100(audit: Audit) -> None:
    shares = [share(name, "32.8") for name in ("bone", "liver", "lung")]
    (found,) = audit(*shares, share("gland", "2.0"))
    assert (found.kind, found.severity) == ("parts_against_whole", "noteworthy")
    assert "100.4" in found.text
    assert audit(share("bone", "55"), share("liver", "46")) == []  # 54.5 and 45.5 make 100


def test_kinds_of_operation_may_overlap(audit: Audit) -> None:
    shares = [share(n, v, about="surgery_type") for n, v in (("breast", "92.8"), ("node", "17"))]
    assert audit(*shares) == []


def test_counted_classes_that_exceed_their_arm_are_told(audit: Audit) -> None:
    counts = [count("before", "100"), count("after", "40")]
    assert kinds(audit(*counts, facts=SIZED)) == ["parts_against_whole"]
    assert audit(count("before", "100"), count("after", "38"), facts=SIZED) == []


def test_a_class_that_one_arm_lacks_is_told_where_its_shares_fall_short(audit: Audit) -> None:
    full = [share("1", "17", about="number_of_metastases").replace("category: 1", 'category: "1"')]
    full.append(share("more", "83", about="number_of_metastases"))
    other = share("more", "46", "systemic", "number_of_metastases")
    assert kinds(audit(*full, other)) == ["class_missing"]
    assert audit(*full, other.replace("46", "100")) == []


def test_a_subgroup_larger_than_its_whole_is_told(audit: Audit) -> None:
    whole = patients("patients_randomised", "90")
    part = patients("patients_in_population", "91", population="solitary-bone")
    assert kinds(audit(facts=whole + part)) == ["part_larger_than_whole"]
    assert audit(facts=whole + part.replace("91", "90")) == []


def test_a_share_that_its_count_does_not_give_is_told(audit: Audit) -> None:
    about = "solitary_bone_metastasis_at_baseline"
    one = share("any", "13", about=about).replace("\n  category: any", "")
    two = count("any", "19", about).replace("\n  category: any", "")
    facts = patients("patients_randomised", "70", arm="surgery")
    found = audit(one, two, facts=facts)
    assert kinds(found) == ["share_against_count"]
    assert "27.1 (of 70)" in found[0].text
    assert audit(one.replace('"13"', '"27"'), two, facts=facts) == []


def test_a_share_that_no_number_of_patients_gives_is_told(audit: Audit) -> None:
    about = "hormone_receptor_positive_at_baseline"
    odd = share("any", "71.8", "systemic", about).replace("\n  category: any", "")
    assert kinds(audit(odd, facts=SIZED)) == ["share_of_no_count"]
    assert audit(odd.replace("71.8", "72.1"), facts=SIZED) == []
    assert audit(odd.replace("71.8", "72"), facts=SIZED) == []


def test_shares_of_lesions_and_pooled_shares_are_no_shares_of_patients(audit: Audit) -> None:
    assert audit(share("bone", "71.8", "systemic"), facts=SIZED) == []
    about = "hormone_receptor_positive_at_baseline"
    odd = share("any", "71.8", "systemic", about).replace("\n  category: any", "")
    assert audit(odd, facts=SIZED, design="meta_analysis") == []


def test_a_whole_lies_between_the_arms_it_consists_of(audit: Audit) -> None:
    about = "outcome: toxicity_grade_2_or_higher"
    arms = [
        result(arm, "proportion", f'value: "{value}"', f"arm: {arm}\n  unit: percent", about)
        for arm, value in (("surgery", "41"), ("systemic", "62"))
    ]
    whole = result("whole", "proportion", 'value: "13"', "unit: percent", about)
    assert kinds(audit(*arms, whole)) == ["whole_outside_parts"]
    assert audit(*arms, whole.replace("13", "50")) == []


def test_arms_whose_patients_make_up_an_arm_are_its_parts(audit: Audit) -> None:
    sizes = zip(("surgery", "early", "late", "systemic"), ("61", "36", "25", "86"), strict=True)
    facts = "".join(patients("patients_per_arm", n, arm=arm) for arm, n in sizes)
    parts = [median("early", "4.05"), median("late", "2.4")]
    assert kinds(audit(median("surgery", "4.13"), *parts, facts=facts, arms=THIRD)) == [
        "whole_outside_parts"
    ]
    assert audit(median("surgery", "3.1"), *parts, facts=facts, arms=THIRD) == []


def test_survival_never_rises_and_cumulative_events_never_fall(audit: Audit) -> None:
    assert kinds(audit(rate("surgery", "36", 2), rate("surgery", "39", 5))) == ["survival_rising"]
    assert audit(rate("surgery", "36", 2), rate("surgery", "13", 5)) == []
    assert audit(rate("surgery", "36", 2), rate("surgery", "36", 5)) == []
    events = [rate("surgery", v, y, "mortality") for v, y in (("39.7", 1), ("57.9", 2))]
    assert audit(*events) == []
    events = [rate("surgery", v, y, "mortality") for v, y in (("57.9", 1), ("39.7", 2))]
    assert kinds(audit(*events)) == ["survival_rising"]


@pytest.mark.parametrize(
    ("stated", "design", "wrong"),
    [("retrospective", "randomised_controlled_trial", True),
     ("prospective, randomised", "randomised_controlled_trial", False),
     ("retrospective", "meta_analysis", True),
     ("meta-analysis of retrospective studies", "meta_analysis", False),
     ("not a randomised trial", "prospective_cohort", False),
     ("randomised", "retrospective_cohort", True),
     ("retrospective; single arm", "retrospective_cohort", False)],
)  # fmt: skip
def test_a_design_is_contradicted_only_by_words_that_exclude_it(
    stated: str, design: str, wrong: bool
) -> None:
    assert contradicts(stated, design) == wrong


def test_a_randomised_trial_called_retrospective_is_told(audit: Audit) -> None:
    fact = f"- property: design_stated\n  reported: [{{value: retrospective, {AT}}}]"
    (found,) = audit(facts=fact)
    assert (
        found.text
        == "It is called retrospective, while it is of design randomised controlled trial."
    )


def test_a_doubt_of_the_curator_is_told_with_its_note_and_place(audit: Audit) -> None:
    printed = 'value: "37", note: groups named in the reverse order, doubt: order_exchanged'
    (found,) = audit(result("m", "median", printed, "arm: surgery\n  unit: months"))
    assert found.id == "example-2020/order_exchanged/m-invented-2021-5"
    assert found.text == "Groups named in the reverse order."


def test_a_doubt_without_note_is_refused() -> None:
    text = "source: invented-2021\nline: 1\ndoubt: cell_garbled"
    found, (problem,) = read_record(text.encode(), "data/trials/x.yaml", Locator)
    assert found is None
    assert "a doubt needs a note that tells why" in problem.message


def test_a_word_that_is_no_kind_of_doubt_is_told(study: Callable[..., Study], terms: Terms) -> None:
    printed = 'value: "37", note: why, doubt: cell_garbeld'
    estimates = result("m", "median", printed, "arm: surgery\n  unit: months")
    (problem,) = codes.problems(study(estimates=estimates, statements="[]"), terms)
    assert "did you mean cell_garbled?" in problem.mend


def pooling(
    study: Callable[..., Study], value: str, low: str, high: str, number: str = "two"
) -> Study:
    """An invented meta-analysis of EXAMPLE-A and EXAMPLE-B."""
    pools = "\n".join(
        f"- {{study: {name}, reported: [{{{AT}}}]}}" for name in ("example-a", "example-b")
    )
    fact = (
        "- property: studies_pooled\n  population: randomised\n  unit: studies\n"
        f"  reported: [{{value: {number}, {AT}}}]"
    )
    printed = f'value: "{value}", low: "{low}", high: "{high}", level: "95"'
    return study(
        pools=pools, facts=fact, estimates=hazard(printed), statements="[]", design="meta_analysis"
    )


def trials(study: Callable[..., Study]) -> list[Study]:
    """EXAMPLE-A, and EXAMPLE-B whose ratio its own medians contradict."""
    first = hazard('value: "0.80", low: "0.64", high: "1.00", level: "95"')
    second = hazard('value: "0.50", low: "0.35", high: "0.71", level: "95"')
    medians = [median("surgery", "20"), median("systemic", "40")]
    none = {"facts": "[]", "statements": "[]"}
    return [
        study(estimates=first, **none).model_copy(update={"id": "example-a"}),
        study(estimates="\n".join([second, *medians]), **none).model_copy(
            update={"id": "example-b"}
        ),
    ]


def of_kind(found: list[Finding], beginning: str) -> list[Finding]:
    return [one for one in found if one.kind.startswith(beginning)]


def test_a_pooled_result_that_only_a_doubted_ratio_gives_is_told(
    study: Callable[..., Study], terms: Terms
) -> None:
    # 0.80 and 0.50 pool to 0.65 (0.41 to 1.02), 0.80 and 2.00 to 1.25 (0.51 to 3.07)
    whole = [*trials(study), pooling(study, "0.64", "0.41", "1.02")]
    (found,) = of_kind(findings_of(whole, terms), "pool_")
    assert (found.kind, found.severity) == ("pool_resting_on_doubt", "doubtful")


def test_a_pooled_result_that_its_inputs_do_not_give_is_told_with_what_they_give(
    study: Callable[..., Study], terms: Terms
) -> None:
    whole = [*trials(study), pooling(study, "1.26", "0.51", "3.08")]
    (found,) = of_kind(findings_of(whole, terms), "pool_")
    assert (found.kind, found.severity) == ("pool_not_reproduced", "contradictory")
    assert "which pool to 0.65" in found.text
    assert "inverted they pool to 1.25 (0.51 to 3.07)" in found.text


def test_a_pooled_result_of_more_studies_than_are_named_is_not_tested(
    study: Callable[..., Study], terms: Terms
) -> None:
    whole = [*trials(study), pooling(study, "1.26", "0.51", "3.08", number="three")]
    assert of_kind(findings_of(whole, terms), "pool_") == []


def test_p_values_of_an_interval_take_its_digits_into_account() -> None:
    allowed = p_of_interval(Span(0.655, 0.665), Span(0.485, 0.495), Span(0.875, 0.885), 95)
    assert allowed.low < 0.005 < allowed.high
    assert allowed.high < 0.02


@pytest.mark.parametrize(
    ("printed", "expected"), [("<0.05", True), ("0.05", None), ("0.051", False), (">0.05", False)]
)
def test_significance_is_left_open_where_the_digits_leave_it_open(
    printed: str, expected: bool | None
) -> None:
    span = p_span(printed)
    assert span is not None
    assert is_significant(span) is expected
