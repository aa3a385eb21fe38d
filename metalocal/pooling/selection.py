"""Ratios of the graph to those that may be pooled together, and to a reason for each other one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from graph_builder.problems import closest
from graph_builder.statistics import check_effect
from metalocal.pooling.ratios import Pool
from metalocal.pooling.records import (
    REVIEWS,
    STUDY_DESIGN,
    AskedWronglyError,
    Choice,
    LeftOut,
    Printing,
    Ratio,
    Reading,
)

_AS_TOLD = "name the study with --invert or --as-printed to say how its ratio is to be read"


def select(pool: Pool, choice: Choice) -> tuple[tuple[Reading, ...], tuple[LeftOut, ...]]:
    """One reading a study, in the order of the studies, and every other ratio with its reason.

    Ratios of other questions are in neither list, unless their study was asked for by name.

    Raises:
        AskedWronglyError: the choice names what the graph does not have, or mixes designs.
    """
    check_choice(pool, choice)
    kept: list[Ratio] = []
    left_out: list[LeftOut] = []
    for ratio in _in_scope(pool, choice):
        reason = reason_against(pool, choice, ratio)
        if reason:
            left_out.append(LeftOut(ratio, reason))
        else:
            kept.append(ratio)
    readings = []
    for one, reason in _one_a_study(kept, choice):
        if reason:
            left_out.append(LeftOut(one, reason))
        else:
            readings.append(reading_of(one, choice))
    apart, shared = _apart(pool, readings)
    return apart, (*left_out, *shared)


def reading_of(ratio: Ratio, choice: Choice) -> Reading:
    """How a ratio is read: as printed, turned round where asked, or with the numbers given."""
    given = dict(choice.given).get(ratio.study)
    printing = given or ratio.with_interval[0]
    turned = ratio.study in choice.inverted
    return Reading(ratio, printing, float(printing.level), turned, given is not None)


def check_choice(pool: Pool, choice: Choice) -> None:
    """Refuses words the graph does not know, and designs that are not pooled together.

    Raises:
        AskedWronglyError: the message names the nearest words.
    """
    for option, words, known in (
        ("question", [choice.question], {ratio.question for ratio in pool.ratios}),
        ("outcome", [choice.outcome], {ratio.outcome for ratio in pool.ratios}),
        ("measure", [choice.measure], {ratio.measure for ratio in pool.ratios}),
        ("design", choice.designs, {ratio.design for ratio in pool.ratios}),
        ("study", (one.partition("/")[0] for one in choice.studies), set(pool.labels)),
        ("invert", choice.inverted, set(pool.labels)),
        ("as-printed", choice.as_printed, set(pool.labels)),
        ("set", dict(choice.given), set(pool.labels)),
    ):
        _check_words(option, words, known)
    _check_designs(choice)
    _check_readings(pool, choice)


def _check_words(option: str, words: Iterable[str], known: set[str]) -> None:
    for word in words:
        if word not in known:
            hint = closest(word, known)
            raise AskedWronglyError(f"--{option} {word}: no ratio of the graph has that; {hint}")


def _check_designs(choice: Choice) -> None:
    if STUDY_DESIGN in choice.designs and len(set(choice.designs)) > 1:
        message = "randomised trials are not pooled together with studies of other designs"
        raise AskedWronglyError(f"{message}: ask for each with a --design of its own")
    if REVIEWS & set(choice.designs):
        message = "meta-analyses are not pooled: their studies would count more than once"
        raise AskedWronglyError(f"{message}; see metalocal overlap, and metalocal pool --like")


def _check_readings(pool: Pool, choice: Choice) -> None:
    both = sorted(set(choice.inverted) & set(choice.as_printed))
    if both:
        raise AskedWronglyError(f"{both[0]} is named by --invert and by --as-printed: name one")
    open_to_reading = {one.study for one in pool.ratios if not one.reference_stated}
    for study in (*choice.inverted, *choice.as_printed):
        if study not in open_to_reading:
            message = f"{study}: its sources state which arm is the reference"
            raise AskedWronglyError(f"{message}, so that there is one way to read its ratio")


def _in_scope(pool: Pool, choice: Choice) -> Iterator[Ratio]:
    named = {one.partition("/")[0] for one in choice.studies}
    for ratio in pool.ratios:
        if ratio.question == choice.question or ratio.study in named:
            yield ratio


def reason_against(pool: Pool, choice: Choice, ratio: Ratio) -> str:
    """Why a ratio is not pooled for this choice; empty where nothing speaks against it."""
    return next((reason for reason in _reasons(pool, choice, ratio) if reason), "")


def _reasons(pool: Pool, choice: Choice, ratio: Ratio) -> Iterator[str]:
    yield _of_another_kind(choice, ratio)
    yield _of_a_review(pool, ratio)
    yield _of_no_treatment(ratio)
    yield _of_its_event(ratio)
    if ratio.design not in choice.designs:
        yield f"another design: {ratio.design_label}"
    yield _of_its_numbers(choice, ratio)
    yield _of_its_reference(choice, ratio)
    yield _of_its_population(choice, ratio)
    if choice.studies and not {ratio.study, ratio.key} & set(choice.studies):
        yield "not among the studies asked for"


def _of_another_kind(choice: Choice, ratio: Ratio) -> str:
    if ratio.question != choice.question:
        return f"another question: {ratio.question_label}"
    if ratio.outcome != choice.outcome:
        return f"another outcome: {ratio.outcome_label}"
    if ratio.measure != choice.measure:
        wanted = choice.measure.replace("_", " ")
        return f"another measure: {ratio.measure_label}s are not pooled with {wanted}s"
    return ""


def _of_a_review(pool: Pool, ratio: Ratio) -> str:
    if ratio.design not in REVIEWS and ratio.study not in pool.taken_in:
        return ""
    studies = pool.taken_in.get(ratio.study)
    if not studies:
        return "a review whose studies no source names: its patients may be counted already"
    names = ", ".join(pool.labels[study] for study in studies)
    return f"a review that pools {names}: its patients would count twice"


def _of_no_treatment(ratio: Ratio) -> str:
    if ratio.arm is None or ratio.versus is None:
        return "it compares groups of patients, not treatments"
    if (ratio.arm.role, ratio.versus.role) != ("intervention", "comparator"):
        roles = f"{ratio.arm.role} versus {ratio.versus.role}"
        return f"its arms are {roles}, not intervention versus comparator"
    return ""


def _of_its_event(ratio: Ratio) -> str:
    """A ratio below 1 favours the intervention only where the event is unwanted."""
    if ratio.counts == "unwanted_event":
        return ""
    if not ratio.counts:
        return "no source states whether it counts a wanted or an unwanted event"
    return "it counts a wanted event, and those it is pooled with an unwanted one"


def _of_its_numbers(choice: Choice, ratio: Ratio) -> str:
    if ratio.study in dict(choice.given):
        return ""
    values = {one.value for one in ratio.printings if one.value}
    if len(values) > 1 or len({one.numbers for one in ratio.with_interval}) > 1:
        told = "; ".join(f"{one.text} {{{one.place}}}" for one in ratio.printings if one.value)
        return f"sources print it differently, and none is preferred here: {told}"
    if not values:
        return "no source prints its value"
    if not ratio.with_interval:
        return "no source prints its interval" + _without_level(ratio)
    return _of_no_ratio(ratio.with_interval[0], ratio)


def _without_level(ratio: Ratio) -> str:
    return " with a level" if any(one.low for one in ratio.printings) else ""


def _of_no_ratio(printing: Printing, ratio: Ratio) -> str:
    try:
        check_effect(Reading(ratio, printing, float(printing.level)).effect)
    except ValueError as error:
        return f"its numbers cannot be pooled: {error}"
    return ""


def _of_its_reference(choice: Choice, ratio: Ratio) -> str:
    told = ratio.study in (*choice.inverted, *choice.as_printed)
    if ratio.reference_stated or told:
        return ""
    return f"no source states which arm its ratio is over; {_AS_TOLD}"


def _of_its_population(choice: Choice, ratio: Ratio) -> str:
    if choice.population:
        asked = choice.population.casefold()
        if asked in (ratio.population.casefold(), ratio.population_label.casefold()):
            return ""
        return f"another population: {ratio.population_label}"
    if ratio.is_whole_study:
        return ""
    return f"only a part of its patients, {ratio.population_label}: --population asks for it"


def _one_a_study(ratios: list[Ratio], choice: Choice) -> Iterator[tuple[Ratio, str]]:
    """Each ratio with a reason not to take it, or none: at most one a study has none."""
    by_study: dict[str, list[Ratio]] = defaultdict(list)
    for ratio in ratios:
        by_study[ratio.study].append(ratio)
    for of_study in by_study.values():
        named = [one for one in of_study if one.key in choice.studies] or of_study
        widest = [one for one in named if one.depth == min(each.depth for each in named)]
        for ratio in of_study:
            yield ratio, _against_its_fellows(ratio, widest)


def _against_its_fellows(ratio: Ratio, widest: list[Ratio]) -> str:
    if ratio not in widest:
        return f"its patients are among those of {widest[0].key}"
    if len(widest) == 1:
        return ""
    others = ", ".join(_told_apart(one) for one in widest if one is not ratio)
    own = _told_apart(ratio)
    return f"{own} and {others} are of the same patients: name one with --study"


def _told_apart(ratio: Ratio) -> str:
    told = ", ".join(part for part in (ratio.time, ratio.adjusted) if part)
    return f"{ratio.key} ({told})" if told else ratio.key


def _apart(pool: Pool, readings: list[Reading]) -> tuple[tuple[Reading, ...], list[LeftOut]]:
    """Readings of studies that name no data source in common, and the others."""
    users: dict[str, list[str]] = defaultdict(list)
    for reading in readings:
        for source in pool.data_sources.get(reading.ratio.study, ()):
            users[source].append(reading.ratio.study_label)
    shared = {source: labels for source, labels in users.items() if len(labels) > 1}
    apart, together = [], []
    for reading in readings:
        own = sorted(pool.data_sources.get(reading.ratio.study, frozenset()) & set(shared))
        if own:
            names = " and ".join(shared[own[0]])
            reason = f"{names} draw on one data source ({own[0]}) and may share patients"
            together.append(LeftOut(reading.ratio, reason))
        else:
            apart.append(reading)
    return tuple(apart), together
