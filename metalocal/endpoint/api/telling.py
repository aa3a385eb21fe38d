"""The graph's attributes -> slots in which a request tells a profile, and back to the profile.

In a URL a set comes as `metastatic_sites` (known to be there), `metastatic_sites_absent` and
`metastatic_sites_only`; in a JSON body it comes as in a profile file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graph_builder.attributes import Attribute, Implication, Kind
from graph_builder.problems import Place, closest
from metalocal.endpoint.api.fields import Slot
from metalocal.endpoint.api.problems import told
from metalocal.endpoint.api.values import Check, number, typed
from metalocal.profiles import Profile, profile_of

_UNKNOWN = "unknown"
_SIDES = {"present": "", "absent": "_absent", "only": "_only"}
_SAID = {"present": "Known to be there.", "absent": "Known not to be there.", "only": "These only."}


@dataclass(frozen=True)
class Patients:
    """What can be told of a patient, and what follows from what."""

    attributes: Mapping[str, Attribute]
    rules: tuple[Implication, ...]

    def url_slots(self) -> list[Slot]:
        """Slots of a URL: one for each attribute, three for a set."""
        return [slot for attribute in self.attributes.values() for slot in _in_url(attribute)]

    def body_slots(self) -> list[Slot]:
        """Slots of a JSON body: one for each attribute, two for a set."""
        return [slot for attribute in self.attributes.values() for slot in _in_body(attribute)]

    def profile(self, values: Mapping[str, Any], *, in_url: bool) -> Profile:
        """The checked, completed profile that slots of a URL, or else of a body, tell.

        Raises:
            ProblemsFoundError: the values contradict one another.
        """
        given = self._without_sides(values) if in_url else values
        places = {name: Place(name) for name in given}
        return profile_of(given, self.attributes, self.rules, places)

    def _without_sides(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """What slots of a URL tell, as a body tells it: a set in one value."""
        given: dict[str, Any] = {}
        for key, attribute in self.attributes.items():
            if attribute.kind is not Kind.SET:
                given |= {key: values[key]} if key in values else {}
                continue
            sides = {side: values.get(f"{key}{end}") for side, end in _SIDES.items()}
            if any(sides.values()):
                given[key] = {side: words for side, words in sides.items() if words}
        return given


def _in_url(attribute: Attribute) -> list[Slot]:
    if attribute.kind is not Kind.SET:
        more = ["true", "false"] if attribute.kind is Kind.YES_NO else []
        return [Slot(attribute.key, _scalar(attribute, more), attribute.question)]
    schema = {"type": "string", "enum": list(attribute.values)}
    word = typed(lambda found: _word(found, list(attribute.values)), schema)
    return [
        Slot(f"{attribute.key}{end}", word, f"{attribute.question} {_SAID[side]}", many=True)
        for side, end in _SIDES.items()
    ]


def _in_body(attribute: Attribute) -> list[Slot]:
    if attribute.kind is not Kind.SET:
        more = [True, False] if attribute.kind is Kind.YES_NO else []
        return [Slot(attribute.key, _scalar(attribute, [*more, None]), attribute.question)]
    complete = typed(_true_or_false, {"type": "boolean"})
    said = f"Whether {attribute.key} names all there are, so that the others are absent."
    return [
        Slot(attribute.key, _members(attribute), attribute.question),
        Slot(f"{attribute.key}_complete", complete, said),
    ]


def _scalar(attribute: Attribute, more: list[Any]) -> Any:
    """Type of a word or number of an attribute; `more` are other ways to write it."""
    if attribute.kind is Kind.NUMBER:
        return typed(_measured(attribute, nothing=None in more), _number_schema(attribute, more))
    words = [*attribute.values, _UNKNOWN, *more]
    return typed(lambda found: _word(found, words), {"enum": words})


def _number_schema(attribute: Attribute, more: list[Any]) -> dict[str, Any]:
    kind = "integer" if attribute.whole_numbers else "number"
    schema: dict[str, Any] = {"type": [kind, "null"] if None in more else kind}
    if attribute.lowest is not None:
        schema["minimum"] = attribute.lowest
    if attribute.highest is not None:
        schema["maximum"] = attribute.highest
    return schema


def _measured(attribute: Attribute, *, nothing: bool) -> Check:
    low, high = attribute.lowest, attribute.highest

    def check(found: object) -> object:
        if found is None or (nothing and isinstance(found, str)):
            if nothing and found is None:
                return None
            raise told("is no number", "write it without quotes")
        value = number(found)
        if attribute.whole_numbers and value != value.to_integral_value():
            raise told("is no whole number", f"write whole {attribute.unit}")
        if (low is not None and value < low) or (high is not None and value > high):
            raise told(f"lies outside {low} to {high} {attribute.unit}", "correct it")
        return value

    return check


def _members(attribute: Attribute) -> Any:
    words = list(attribute.values)
    listed = {"type": "array", "items": {"enum": words}, "minItems": 1}
    sided = {
        "type": "object",
        "additionalProperties": False,
        "minProperties": 1,
        "properties": dict.fromkeys(_SIDES, listed),
    }

    def check(found: object) -> object:
        if isinstance(found, dict):
            if not found or set(found) - set(_SIDES):
                raise told("has other parts than present, absent, only", "use some of these")
            return {side: _listed(named, words) for side, named in found.items()}
        return None if found is None else _listed(found, words)

    return typed(check, {"anyOf": [listed, sided, {"type": "null"}]})


def _listed(found: object, words: list[str]) -> list[Any]:
    if not isinstance(found, list) or not found:
        raise told("is no list of words", f"write a list such as [{words[0]!r}]")
    return [_word(one, words) for one in found]


def _word(found: object, words: list[Any]) -> Any:
    same = [word for word in words if type(word) is type(found) and word == found]
    if not same:
        known = [str(word) for word in words if isinstance(word, str)]
        raise told("is not among the values it can have", closest(str(found), known))
    return found


def _true_or_false(found: object) -> object:
    if not isinstance(found, bool):
        raise told("is neither true nor false", "write true or false")
    return found
