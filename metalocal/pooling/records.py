"""What may be pooled, what was, what was left out and why: frozen records."""

from __future__ import annotations

from dataclasses import dataclass, replace

from graph_builder.problems import ToldError
from graph_builder.statistics import Effect, Pooled

STUDY_DESIGN = "randomised_controlled_trial"
REVIEWS = frozenset({"meta_analysis", "systematic_review"})
"""Designs that count the patients of other studies."""


class PoolingError(ToldError):
    """What was asked for cannot be pooled; the message lists every reason."""

    exit_code = 1


class AskedWronglyError(PoolingError):
    """A name or number in the question is not known or not possible."""

    exit_code = 2


@dataclass(frozen=True)
class Printing:
    """A ratio as a source prints it; digits are kept."""

    value: str
    low: str
    high: str
    level: str
    source: str
    line: str
    note: str = ""

    @property
    def place(self) -> str:
        """Source and line, such as "ueno-2022:86"; empty where a person gave the number."""
        return f"{self.source}:{self.line}" if self.source else ""

    @property
    def numbers(self) -> tuple[str, str, str, str]:
        """What two printings must share to say the same."""
        return self.value, self.low, self.high, self.level

    @property
    def text(self) -> str:
        """The ratio with its interval and the level of that, as printed."""
        if not self.low:
            return self.value
        level = f"{self.level}% CI " if self.level else "level not stated: "
        return f"{self.value} ({level}{self.low} to {self.high})"


@dataclass(frozen=True)
class Treatment:
    """A treatment that an arm gives; `wider` holds the codes of the kinds it falls under."""

    code: str
    label: str
    wider: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Side:
    """One side of a contrast: an arm with its role, and its treatments with all wider kinds."""

    label: str
    role: str
    treatments: frozenset[Treatment] = frozenset()


@dataclass(frozen=True)
class Ratio:
    """One estimate that is a ratio, with every printing of it; codes are words of the ontology.

    `counts` is unwanted_event or wanted_event; empty where nobody knows which the ratio is of.
    """

    study: str
    study_label: str
    design: str
    design_label: str
    question: str
    question_label: str
    outcome: str
    outcome_label: str
    measure: str
    measure_label: str
    name: str
    population: str
    population_label: str
    is_whole_study: bool
    depth: int
    arm: Side | None
    versus: Side | None
    time: str
    reference_stated: bool
    adjusted: str
    counts: str
    note: str
    printings: tuple[Printing, ...]

    @property
    def key(self) -> str:
        """Study and estimate, such as "mf07-01/os-hr"."""
        return f"{self.study}/{self.name}"

    @property
    def about(self) -> str:
        """Outcome and population in words."""
        return f"{self.outcome_label} in {self.population_label}"

    @property
    def with_interval(self) -> tuple[Printing, ...]:
        """The printings that give value, bounds and level."""
        return tuple(one for one in self.printings if all(one.numbers))


@dataclass(frozen=True)
class Reading:
    """How one printing was read into an effect: turned round or not, its interval of which level.

    `level` in percent; `given` where the numbers are a person's and not the graph's.
    """

    ratio: Ratio
    printing: Printing
    level: float
    inverted: bool = False
    given: bool = False

    @property
    def effect(self) -> Effect:
        """The effect to pool.

        Raises:
            NotPoolableError: the printing is no ratio with an interval.
        """
        value, low, high = (
            float(number) for number in (self.printing.value, self.printing.low, self.printing.high)
        )
        label = self.ratio.study_label
        effect = Effect(label, self.ratio.measure, value, low, high, self.level)
        return effect.inverted() if self.inverted else effect

    @property
    def level_as_printed(self) -> bool:
        """Whether the interval was taken to have the level printed with it."""
        return self.level == float(self.printing.level)

    @property
    def way_round(self) -> str:
        """Which way round it was read; empty where the source tells that."""
        if self.inverted:
            return "inverted"
        return "" if self.ratio.reference_stated else "as printed"

    @property
    def level_words(self) -> str:
        """That its interval was taken as of another level than is printed; empty where not."""
        if self.level_as_printed:
            return ""
        return f"its {self.printing.level}% interval read as {self.level:g}%"

    @property
    def given_words(self) -> str:
        """That its numbers are a person's own; empty where not."""
        return "numbers given by you, not of the graph" if self.given else ""

    def words(self) -> str:
        """What a reader must know of the reading; empty where it is as the source says."""
        return ", ".join(filter(None, (self.way_round, self.level_words, self.given_words)))

    def turned(self) -> Reading:
        """The same with the groups of the contrast changed round."""
        return replace(self, inverted=not self.inverted)

    def at_level(self, level: float) -> Reading:
        """The same with the interval taken as of another level."""
        return replace(self, level=level)


@dataclass(frozen=True)
class LeftOut:
    """A ratio that was not pooled, and why."""

    ratio: Ratio
    reason: str


@dataclass(frozen=True)
class Choice:
    """What a person asked to pool; codes are words of the ontology.

    `inverted` and `as_printed` name studies whose ratio's reference no source states; `given`
    holds numbers of the person's own by study; `studies` names studies, or study/estimate.
    """

    question: str = "local_therapy_of_primary"
    outcome: str = "overall_survival"
    measure: str = "hazard_ratio"
    designs: tuple[str, ...] = (STUDY_DESIGN,)
    population: str = ""
    studies: tuple[str, ...] = ()
    inverted: tuple[str, ...] = ()
    as_printed: tuple[str, ...] = ()
    given: tuple[tuple[str, Printing], ...] = ()


@dataclass(frozen=True)
class PooledAnswer:
    """Readings pooled by each method, in the order of their studies, and what was left out.

    `patients` holds for each reading the numbers printed, joined by "or" where they differ.
    """

    readings: tuple[Reading, ...]
    patients: tuple[str, ...]
    results: tuple[Pooled, ...]
    left_out: tuple[LeftOut, ...]

    @property
    def about(self) -> Ratio:
        """One of the ratios, for what all of them share."""
        return self.readings[0].ratio

    @property
    def weighed(self) -> Pooled:
        """The result whose weights are shown: of DerSimonian and Laird where it was asked for."""
        return next((one for one in self.results if one.method == "dl"), self.results[0])


@dataclass(frozen=True)
class Trial:
    """One way of reading the inputs of a meta-analysis, what it gives, and what of it agrees.

    `agreeing` holds the figures (ratio, low, high) that round to the digits printed.
    """

    readings: tuple[Reading, ...]
    pooled: Pooled
    agreeing: tuple[str, ...]
    distance: float

    @property
    def is_exact(self) -> bool:
        """Whether ratio and both bounds round to the digits printed."""
        return len(self.agreeing) == 3

    @property
    def words(self) -> str:
        """How the inputs were read, where that is not as the sources say."""
        told = [f"{one.ratio.study_label} {one.words()}" for one in self.readings if one.words()]
        return "; ".join(told) or "all as printed"


@dataclass(frozen=True)
class Reproduction:
    """A pooled result as printed beside what its inputs give under each reading and method.

    `problem` says why nothing could be tried; then there are no trials. `patients` holds for each
    study the numbers printed, joined by "or" where they differ.
    """

    ratio: Ratio
    printing: Printing | None
    missing: tuple[str, ...]
    trials: tuple[Trial, ...] = ()
    problem: str = ""
    patients: tuple[str, ...] = ()

    @property
    def exact(self) -> tuple[Trial, ...]:
        """The trials that give the printed digits."""
        return tuple(one for one in self.trials if one.is_exact)

    @property
    def nearest(self) -> Trial:
        """The trial whose figures agree best, of those that were made."""
        return self.trials[0]


@dataclass(frozen=True)
class LikeAnswer:
    """All pooled ratios of one meta-analysis, each reproduced or not, and notes on it."""

    review: str
    review_label: str
    studies: tuple[str, ...]
    reproductions: tuple[Reproduction, ...]
    notes: tuple[str, ...]
