"""The records study and source files are read into: frozen, typed, each knowing its place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StringConstraints, model_validator
from pydantic.json_schema import SkipJsonSchema

from graph_builder.problems import Place

Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+([-_][a-z0-9]+)*$")]
Word = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(_[a-z0-9]+)*$")]
Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True, strict=True)]
Printed = Annotated[str, StringConstraints(min_length=1, pattern=r"^\S(.*\S)?$", strict=True)]
Number = Annotated[str, StringConstraints(pattern=r"^-?\d+(\.\d+)?$", strict=True)]
PValue = Annotated[str, StringConstraints(pattern=r"^[<>]?\d*\.\d+$", strict=True)]
Moment = Annotated[str, StringConstraints(pattern=r"^\d+(\.\d+)? (day|week|month|year)$")]
Line = Annotated[int, Field(ge=1, strict=True)]


_PRINTED_NUMBER = re.compile(r"^-?\d+(,\d{3})*(\.\d+)?$")


def decimal_of(printed: str | None) -> Decimal | None:
    """The number a printed value is, or `None` where it is not one number.

    >>> decimal_of("1,706"), decimal_of("0.70"), decimal_of("not attained")
    (Decimal('1706'), Decimal('0.70'), None)
    """
    if printed is None or not _PRINTED_NUMBER.match(printed):
        return None
    return Decimal(printed.replace(",", ""))


def vocabulary_of(name: str) -> Any:
    """Marks a field whose words come from the ontology class `name` (used by the JSON Schema)."""
    return Field(json_schema_extra={"x-ontology-class": name})


class Record(BaseModel):
    """A mapping of a data file; `place(field)` tells where it or one of its fields stands."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_by_name=False)

    places: SkipJsonSchema[dict[str, Place]] = Field(
        default_factory=dict, alias="__places__", exclude=True, repr=False
    )

    def place(self, field: str = "") -> Place:
        """Place of a field's value, or of the record where the field is absent."""
        return self.places.get(field) or self.places.get("") or Place("(no file)")


class Noted(Record):
    """A record with a note for its readers.

    `doubt` tells of what kind the doubt is that `note` gives the reason of.
    """

    note: Text | None = None
    doubt: Annotated[Word | None, vocabulary_of("DoubtKind")] = None

    @model_validator(mode="after")
    def _tells_why_it_is_doubted(self) -> Self:
        if self.doubt and not self.note:
            raise ValueError("a doubt needs a note that tells why")
        return self


class Locator(Noted):
    """One place in a source: line of its text rendition, and `at` for people."""

    source: Id
    line: Line
    at: Text | None = None


class FactReport(Locator):
    """One printing of a study fact."""

    value: Printed


class Report(Locator):
    """One printing of an estimate: numbers as printed, or the direction stated in words."""

    value: Printed | None = None
    low: Number | None = None
    high: Number | None = None
    level: Number | None = None
    level_line: Line | None = None
    p: PValue | None = None
    direction: Annotated[Word | None, vocabulary_of("EffectDirection")] = None
    wording: Text | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not (self.value or self.p or self.direction or self.wording):
            raise ValueError("a report needs a value, a p value, a direction or a wording")
        if bool(self.low) != bool(self.high):
            raise ValueError("an interval needs both low and high")
        if self.low and not self.level:
            raise ValueError("an interval needs its level, such as level: '95'")
        return self


class Identifier(Record):
    """A name or number by which a study is known, and where sources print it."""

    kind: Literal["nct", "pmid", "doi", "name"]
    value: Printed
    reported: Annotated[list[Locator], Field(min_length=1)]


class Arm(Record):
    """A group of patients treated alike."""

    id: Id
    label: Text
    role: Annotated[Word, vocabulary_of("ArmRole")]
    interventions: Annotated[
        list[Annotated[Word, vocabulary_of("Intervention")]], Field(min_length=1)
    ]


Threshold = Annotated[int, Field(strict=True)] | Annotated[float, Field(strict=True)]


class Criterion(Record):
    """One condition on a profile: a test of one attribute, or conditions joined.

    `is`, `in` test one-of and yes-no attributes; `min`, `max` (inclusive), `above`, `below`
    (exclusive) test numbers; `includes` (all of), `includes_any`, `excludes`, `only` test sets.
    """

    attribute: Annotated[Word | None, vocabulary_of("Attribute")] = None
    is_: Annotated[StrictBool | Word | None, Field(alias="is")] = None
    in_: Annotated[list[Word] | None, Field(alias="in", min_length=1)] = None
    min: Threshold | None = None
    max: Threshold | None = None
    above: Threshold | None = None
    below: Threshold | None = None
    includes: Annotated[list[Word] | None, Field(min_length=1)] = None
    includes_any: Annotated[list[Word] | None, Field(min_length=1)] = None
    excludes: Annotated[list[Word] | None, Field(min_length=1)] = None
    only: Annotated[list[Word] | None, Field(min_length=1)] = None
    any_of: Annotated[list[Criterion] | None, Field(min_length=2)] = None
    all_of: Annotated[list[Criterion] | None, Field(min_length=1)] = None
    not_: Annotated[Criterion | None, Field(alias="not")] = None
    note: Text | None = None

    @model_validator(mode="after")
    def _tests_one_thing(self) -> Self:
        joins = [self.any_of, self.all_of, self.not_]
        tests = self.tests()
        if self.attribute is None and (tests or sum(j is not None for j in joins) != 1):
            raise ValueError("a criterion names one attribute, or one of any_of, all_of, not")
        if self.attribute is not None and (not tests or any(j is not None for j in joins)):
            raise ValueError("a criterion on an attribute needs a test such as is, in, min, only")
        return self

    def tests(self) -> set[str]:
        """The names of the tests made, as written in YAML."""
        names = {"is": self.is_, "in": self.in_, "min": self.min, "max": self.max}
        names |= {"above": self.above, "below": self.below, "includes": self.includes}
        names |= {"includes_any": self.includes_any, "excludes": self.excludes, "only": self.only}
        return {name for name, value in names.items() if value is not None}


class Population(Record):
    """Whom estimates are about; a subgroup inherits the criteria of the population `within`.

    `pooled_designs`, of a review or meta-analysis, tells the designs of all studies pooled for it;
    a subgroup inherits them too, unless it has its own.
    """

    id: Id
    label: Text
    within: Id | None = None
    status: Annotated[Word, vocabulary_of("PopulationStatus")]
    cancers: Annotated[Word, vocabulary_of("CancerMix")] = "breast_cancer_only"
    pooled_designs: Annotated[
        list[Annotated[Word, vocabulary_of("Design")]] | None, Field(min_length=1)
    ] = None
    criteria: list[Criterion] = []
    note: Text | None = None
    reported: Annotated[list[Locator], Field(min_length=1)]

    @property
    def is_matched(self) -> bool:
        """Whether a profile can be matched to it.

        Not where only what happens after treatment tells who belongs, where no source tells it,
        nor where no patient has metastatic breast cancer.
        """
        groups = ("outcome_defined_group", "undefined_group")
        mixes = ("other_cancers_only", "early_breast_cancer_only")
        return self.status not in groups and self.cancers not in mixes


class Contrast(Record):
    """Arm versus reference arm, or group versus reference group, in that order.

    `across` names three or more arms or groups compared all together, with no reference.
    """

    arm: Id | None = None
    versus: Id | None = None
    group: Id | None = None
    versus_group: Id | None = None
    across: Annotated[list[Id] | None, Field(min_length=2)] = None

    @model_validator(mode="after")
    def _two_of_a_kind(self) -> Self:
        names = ("arm", "versus", "group", "versus_group", "across")
        given = {name for name in names if getattr(self, name)}
        if given not in ({"arm", "versus"}, {"group", "versus_group"}, {"group"}, {"across"}):
            raise ValueError("a contrast needs arm and versus, or group and versus_group")
        return self


class Fact(Noted):
    """A property of a study other than a result, with every report of it."""

    property: Annotated[Word, vocabulary_of("StudyProperty")]
    arm: Id | None = None
    population: Id | None = None
    unit: Annotated[Word | None, vocabulary_of("Unit")] = None
    reported: Annotated[list[FactReport], Field(min_length=1)]


class Estimate(Noted):
    """One measure of one outcome or baseline characteristic, with every report of it.

    `category` tells which number, organ or class a characteristic is about, such as "2 to 3".
    `counts` tells whether a comparison counts a wanted event, such as response, or an unwanted one,
    such as death, where measure and outcome do not tell and a source does.
    """

    id: Id
    outcome: Annotated[Word | None, vocabulary_of("Outcome")] = None
    characteristic: Annotated[Word | None, vocabulary_of("BaselineCharacteristic")] = None
    category: Text | None = None
    population: Id
    arm: Id | None = None
    contrast: Contrast | None = None
    measure: Annotated[Word, vocabulary_of("Measure")]
    unit: Annotated[Word | None, vocabulary_of("Unit")] = None
    at: Moment | None = None
    counts: Annotated[Word | None, vocabulary_of("CountedEvent")] = None
    reference_stated: StrictBool = True
    adjusted: StrictBool | None = None
    reported: Annotated[list[Report], Field(min_length=1)]

    @model_validator(mode="after")
    def _measures_one_thing(self) -> Self:
        if (self.outcome is None) == (self.characteristic is None):
            raise ValueError("an estimate has an outcome or a characteristic, and not both")
        if self.arm is not None and self.contrast is not None:
            raise ValueError("an estimate is for an arm or for a contrast, and not for both")
        if self.category is not None and self.characteristic is None:
            raise ValueError("a category belongs to a characteristic, not to an outcome")
        return self


class Statement(Record):
    """What sources say of a study in words, told in our own."""

    kind: Annotated[Word, vocabulary_of("StatementKind")]
    text: Text
    reported: Annotated[list[Locator], Field(min_length=1)]


class Pooled(Record):
    """A study that a review or meta-analysis took in, and where a source says so."""

    study: Id
    reported: Annotated[list[Locator], Field(min_length=1)]


class Study(Record):
    """One investigation, resolved across the sources that report it."""

    id: Id
    label: Text
    identifiers: list[Identifier] = []
    design: Annotated[Word, vocabulary_of("Design")]
    phase: Literal["I", "I/II", "II", "II/III", "III", "IV"] | None = None
    status: Annotated[Word, vocabulary_of("StudyStatus")]
    countries: list[Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]] = []
    question: Annotated[Word, vocabulary_of("Question")]
    note: Text | None = None
    described: Annotated[list[Locator], Field(min_length=1)]
    arms: list[Arm] = []
    populations: Annotated[list[Population], Field(min_length=1)]
    pools: list[Pooled] = []
    facts: list[Fact] = []
    estimates: list[Estimate] = []
    statements: list[Statement] = []

    def own_locators(self) -> list[Locator]:
        """The places that report the study itself: where described, named, said to pool others."""
        own = list(self.described)
        for identifier in self.identifiers:
            own += identifier.reported
        for pooled in self.pools:
            own += pooled.reported
        return own

    def locators(self) -> Iterator[Locator]:
        """Every place in a source that the study file cites."""
        yield from self.own_locators()
        for population in self.populations:
            yield from population.reported
        for fact in self.facts:
            yield from fact.reported
        for estimate in self.estimates:
            yield from estimate.reported
        for statement in self.statements:
            yield from statement.reported


class Source(Record):
    """A source article: how to cite it, and the hash of the text its line numbers refer to.

    The body are the lines from 1 to `body_ends`, before the list of references; `citation_marks`
    is the pattern of the marks by which it cites, whose numbers are no facts.
    """

    id: Id
    label: Text
    citation: Text
    doi: Text | None = None
    year: Annotated[int, Field(ge=1900, le=2100, strict=True)]
    journal: Text | None = None
    licence: Text | None = None
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    body_ends: Line
    citation_marks: Text | None = None
    note: Text | None = None


class Name(Record):
    """A word with digits that is no number, such as HER2; a pattern."""

    pattern: Text
    reason: Text


class LeftOut(Record):
    """A printed number that is not entered, as often as it stands on the line, and why."""

    source: Id
    line: Line
    number: Printed
    times: Annotated[int, Field(ge=1, strict=True)] = 1
    reason: Text


class NotEntered(Record):
    """The reviewed list of what the source texts print and the graph does not hold."""

    names: list[Name] = []
    numbers: list[LeftOut] = []
