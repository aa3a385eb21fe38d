"""The records guidance and decision model files are read into."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from graph_builder.records import (
    Criterion,
    Id,
    Locator,
    Record,
    Text,
    Word,
    vocabulary_of,
)


class Figure(Record):
    """A printed number that is no criterion: a dose, an interval, a frequency."""

    name: Text
    unit: Annotated[Word | None, vocabulary_of("Unit")] = None
    value: Text
    reported: Annotated[list[Locator], Field(min_length=1)]


class GuidanceStatement(Record):
    """What a source says of patients in general: a recommendation, a definition, a factor.

    `criteria` say in a machine's words whom it is about, for a factor who has it; without them no
    profile is matched to it, and `for_whom` alone tells.
    """

    id: Id
    kind: Annotated[Word, vocabulary_of("GuidanceKind")]
    label: Text
    text: Text
    question: Annotated[Word | None, vocabulary_of("Question")] = None
    interventions: list[Annotated[Word, vocabulary_of("Intervention")]] = []
    position: Annotated[Word | None, vocabulary_of("Position")] = None
    strength: Text | None = None
    line_of_therapy: Text | None = None
    factor: Text | None = None
    direction: Annotated[Word | None, vocabulary_of("FactorDirection")] = None
    outcome: Annotated[Word | None, vocabulary_of("Outcome")] = None
    for_whom: Text | None = None
    criteria: list[Criterion] = []
    study: Id | None = None
    figures: list[Figure] = []
    note: Text | None = None
    reported: Annotated[list[Locator], Field(min_length=1)]

    @model_validator(mode="after")
    def _says_what_its_kind_needs(self) -> Self:
        factor = self.kind in ("prognostic_factor", "predictive_factor")
        if factor != bool(self.factor and self.direction):
            raise ValueError("a factor, and nothing else, needs `factor` and `direction`")
        if (self.kind == "recommendation") != (self.position is not None):
            raise ValueError("a recommendation, and nothing else, needs `position`")
        return self


class Guidance(Record):
    """All guidance statements of one source."""

    id: Id
    label: Text
    statements: Annotated[list[GuidanceStatement], Field(min_length=1)]


class ModelGroup(Record):
    """A group of a decision model; without criteria no profile is matched to it."""

    id: Id
    label: Text
    text: Text
    criteria: list[Criterion] = []
    population: Id | None = None
    figures: list[Figure] = []
    note: Text | None = None
    reported: list[Locator] = []


class DecisionModel(Record):
    """Rules that sort patients into groups, as far as the sources give them."""

    id: Id
    label: Text
    text: Text
    question: Annotated[Word | None, vocabulary_of("Question")] = None
    completeness: Literal["whole", "part"]
    study: Id | None = None
    note: Text | None = None
    reported: Annotated[list[Locator], Field(min_length=1)]
    groups: Annotated[list[ModelGroup], Field(min_length=1)]
