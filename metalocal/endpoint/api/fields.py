"""Fields of a request -> a closed pydantic model, and the values that a request gave back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from types import GenericAlias
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, create_model, model_validator

from graph_builder.problems import closest
from metalocal.endpoint.api.problems import told_of

MOST_VALUES = 200


@dataclass(frozen=True)
class Slot:
    """One thing a request may tell: `type` is that of a value, of which `many` takes a list."""

    name: str
    type: Any
    description: str
    many: bool = False
    example: object = None


class Told(BaseModel):
    """What a request tells; names that it has no slot for are refused."""

    model_config = ConfigDict(extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _refuse_unknown(cls, given: Any) -> Any:
        """Name the nearest slot where a name is not known."""
        known = {str(slot.alias) for slot in cls.model_fields.values()}
        for name in given if isinstance(given, dict) else ():
            if name not in known:
                raise told_of(str(name), given[name], closest(str(name), known))
        return given

    def values(self) -> dict[str, Any]:
        """What was told, by the name of its slot; what was left out is absent."""
        given = {name: getattr(self, name) for name in self.model_fields_set}
        return {str(type(self).model_fields[name].alias): given[name] for name in sorted(given)}


def model_of(name: str, slots: Iterable[Slot]) -> type[Told]:
    """A model with a field for each slot; `name` is what the OpenAPI document calls it."""
    fields: dict[str, Any] = {}
    for number, slot in enumerate(slots):
        # a field has its name by alias only: no name of ours can meet one of pydantic's
        fields[f"slot_{number:03}"] = (_annotation(slot), _field(slot))
    return create_model(name, __base__=Told, **fields)


def _annotation(slot: Slot) -> Any:
    return GenericAlias(list, (slot.type,)) if slot.many else slot.type


def _field(slot: Slot) -> Any:
    bounds: dict[str, Any] = {"min_length": 1, "max_length": MOST_VALUES} if slot.many else {}
    return Field(
        default=None,
        alias=slot.name,
        title=slot.name,
        description=slot.description,
        examples=None if slot.example is None else [slot.example],
        json_schema_extra=lambda schema: schema.pop("default", None),
        **bounds,
    )
