"""The query string of a map -> the filters it sets, each a word that is known."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.requests import Request

from graph_builder.problems import closest
from metalocal.endpoint.refusal import RefusedError

_LARGEST = 1_000_000


@dataclass(frozen=True)
class Choice:
    """A value that a filter can take; `count` of what it would leave, where it is known."""

    value: str
    label: str
    count: int | None = None


@dataclass(frozen=True)
class Filter:
    """A filter for a form: its name in the URL, its label, what can be chosen and what is."""

    name: str
    label: str
    choices: tuple[Choice, ...]
    chosen: str = ""
    of_all: str = "all"


def asked(
    request: Request, known: Mapping[str, Collection[str]], numbers: Iterable[str] = ()
) -> dict[str, str]:
    """The filters of a request, those without a value left out.

    Args:
        request: whose query string is read.
        known: for each parameter, the words it takes.
        numbers: other parameters, which take a whole number from 1.

    Raises:
        RefusedError: 400, a parameter or its value is not known, or it is given twice.
    """
    counted = set(numbers)
    found: dict[str, str] = {}
    for name, value in request.query_params.multi_items():
        if name not in known and name not in counted:
            words = [*known, *counted]
            hint = closest(name, words) if words else "leave all of them out."
            raise RefusedError(400, f"There is no parameter {_shown(name)} here: {hint}")
        if name in found:
            raise RefusedError(400, f"The parameter {name} is given twice; give it once.")
        if not value:
            continue
        if name in counted:
            _refuse_no_number(name, value)
        elif value not in known[name]:
            hint = closest(value, known[name])
            raise RefusedError(400, f"{name}={_shown(value)} is not known: {hint}")
        found[name] = value
    return found


def address(path: str, **parameters: str) -> str:
    """A path with the parameters that have a value, in the order given.

    >>> address("/maps/time", question="palliation", design="")
    '/maps/time?question=palliation'
    """
    told = {name: value for name, value in parameters.items() if value}
    return f"{path}?{urlencode(told)}" if told else path


def _refuse_no_number(name: str, value: str) -> None:
    is_number = value.isascii() and value.isdigit() and len(value) < 9
    if not is_number or not 1 <= int(value) <= _LARGEST:
        raise RefusedError(400, f"{name}={_shown(value)} is no line; write a number from 1.")


def _shown(text: str) -> str:
    """What was sent, in characters that can be printed, cut short."""
    printable = "".join(each if each.isprintable() else "?" for each in text[:60])
    return f"'{printable}'"
