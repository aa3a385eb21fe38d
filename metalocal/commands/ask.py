"""`metalocal ask`: a profile from flags or a file to the answer."""

from __future__ import annotations

import inspect
import json
import shutil
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from graph_builder.attributes import Attribute, Kind
from graph_builder.problems import Place, Problem, ProblemsFoundError, closest
from metalocal.answers import Answer, Library, answer
from metalocal.attributes import attributes_of
from metalocal.commands.cohort_options import OPTIONS
from metalocal.commands.common import errors, open_graph, read_text, write_out
from metalocal.locations import locations, version
from metalocal.profiles import Profile, profile_of, read_given

FORMATS = ("text", "md", "json", "csv", "html")
_STYLES = {
    "title": "bold",
    "question": "bold underline",
    "included": "bold green",
    "indeterminate": "bold yellow",
    "excluded": "dim",
    "note": "italic dim",
    "notice": "italic",
}

HELP = """Answer what evidence supports local therapy for a profile.

Give what is known; what is left out is unknown, and unknown is never "no". For example:

metalocal ask --presentation de_novo --hr-status positive --her2-status negative --age 48
--metastatic-sites-only bone --metastasis-count 1 --primary-status intact --primary-resectable yes
"""


def ask_command() -> Callable[..., None]:
    """The command with one flag for each attribute the built graph declares."""
    attributes = attributes_of(open_graph(), locations().queries)

    def ask(**options: Any) -> None:
        run(options)

    parameters = [*_own_parameters(), *_flags(attributes)]
    ask.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    ask.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    ask.__doc__ = HELP
    return ask


def _parameter(name: str, annotation: Any, default: Any = None) -> inspect.Parameter:
    kind = inspect.Parameter.KEYWORD_ONLY
    return inspect.Parameter(name, kind, default=default, annotation=annotation)


def _own_parameters() -> list[inspect.Parameter]:
    profile = typer.Option(
        "--profile",
        help="YAML or JSON file of attribute: value, - for standard input. Flags win over it.",
    )
    form = typer.Option("--format", help=f"One of {', '.join(FORMATS)}.")
    output = typer.Option("--output", "-o", help="Write the answer to this file.")
    everything = typer.Option(
        "--everything", help="Tell every study, group, number and statement (text and Markdown)."
    )
    question = typer.Option(
        "--question", help="Tell one question in full, by its code (text and Markdown)."
    )
    endpoint = typer.Option(
        "--endpoint", help="Ask this SPARQL endpoint instead of the built graph."
    )
    return [
        _parameter("profile", Annotated[str | None, profile]),
        _parameter("format", Annotated[str, form], "text"),
        _parameter("output", Annotated[Path | None, output]),
        _parameter("everything", Annotated[bool, everything], False),
        _parameter("question", Annotated[str, question], ""),
        _parameter("endpoint", Annotated[str | None, endpoint]),
        *(_parameter(name, *option) for name, option in OPTIONS.items()),
    ]


def _flags(attributes: Mapping[str, Attribute]) -> list[inspect.Parameter]:
    found = []
    for key, attribute in attributes.items():
        if attribute.kind is not Kind.SET:
            found.append(_flag(key, attribute, attribute.question, _choices(attribute)))
            continue
        words = _choices(attribute)
        found.append(_flag(key, attribute, f"{attribute.question} Known to be there:", words))
        found.append(_flag(f"{key}_absent", attribute, "Known not to be there:", words))
        found.append(_flag(f"{key}_only", attribute, "There, and nothing else:", words))
    return found


def _flag(name: str, attribute: Attribute, text: str, choices: str) -> inspect.Parameter:
    option = typer.Option(
        f"--{name.replace('_', '-')}",
        help=f"{text} {choices}".strip(),
        rich_help_panel=attribute.group,
        show_default=False,
        metavar="NUMBER"
        if attribute.kind is Kind.NUMBER
        else "WORDS"
        if attribute.kind is Kind.SET
        else "WORD",
    )
    return _parameter(name, Annotated[str | None, option])


def _choices(attribute: Attribute) -> str:
    if attribute.kind is Kind.NUMBER:
        return f"({attribute.lowest} to {attribute.highest} {attribute.unit})"
    several = ", several with commas" if attribute.kind is Kind.SET else ""
    return f"({' | '.join(attribute.values)}{several})"


def run(options: dict[str, Any]) -> None:
    """Reads the profile, asks the graph and writes the answer."""
    if any(options[name] != default for name, (_, default) in OPTIONS.items()):
        from metalocal.commands import cohort  # noqa: PLC0415  (slow, and seldom asked for)

        wish = cohort.wish_of(options)
        if wish:
            cohort.run_cohort(wish)
            return
    options = {key: value for key, value in options.items() if key not in OPTIONS}
    form = options.pop("format")
    if form not in FORMATS:
        message, mend = f"format {form} is not known", closest(form, FORMATS)
        raise ProblemsFoundError([Problem(Place("--format"), message, "unknown-format", mend)])
    output = options.pop("output")
    told = {"everything": options.pop("everything"), "question": options.pop("question")}
    endpoint = options.pop("endpoint")
    file = options.pop("profile")
    flags = {key: value for key, value in options.items() if value is not None}
    library = Library(open_graph(endpoint), locations().queries)
    _check_question(told["question"], library)
    found = answer(_profile(file, flags, library), library)
    if form == "text" and output is None and sys.stdout.isatty():
        show(found, **told)
    else:
        write_out(_written(found, form, "" if endpoint else graph_sha256(), **told), output)
        if form == "csv":  # a table has no room for it
            errors().print(found.notice)


def graph_sha256() -> str:
    """The SHA-256 of the built graph, as its manifest tells it; empty where none does."""
    manifest = locations().graph / "manifest.json"
    if not manifest.is_file():
        return ""
    return str(json.loads(manifest.read_text("utf-8")).get("sha256", ""))


def _check_question(code: str, library: Library) -> None:
    codes = [question.code for question in library.questions.values()]
    if code and code not in codes:
        problem = Problem(
            Place("--question"), f"question {code} is not known", "unknown-question",
            closest(code, codes),
        )  # fmt: skip
        raise ProblemsFoundError([problem])


def _profile(file: str | None, flags: dict[str, str], library: Library) -> Profile:
    given, places = read_given(read_text(file), file) if file else ({}, {})
    for key, value in _from_flags(flags, library.attributes).items():
        old = given.get(key)
        given.pop(f"{key}_complete", None)  # it was said of the list that the flag replaces
        both = isinstance(old, dict) and isinstance(value, dict)
        given[key] = {**old, **value} if both else value  # type: ignore[dict-item]
        places = {name: place for name, place in places.items() if name != key}
    places |= {key: Place(f"--{key.replace('_', '-')}") for key in given if key not in places}
    return profile_of(given, library.attributes, library.rules, places)


def _from_flags(flags: dict[str, str], attributes: Mapping[str, Attribute]) -> dict[str, Any]:
    given: dict[str, Any] = {}
    for name, text in flags.items():
        key, part = name, "present"
        for ending in ("absent", "only"):
            if name not in attributes and name.endswith(f"_{ending}"):
                key, part = name.removesuffix(f"_{ending}"), ending
        if attributes[key].kind is Kind.SET:
            given.setdefault(key, {})[part] = [word.strip() for word in text.split(",")]
        else:
            given[key] = text
    return given


def _written(found: Answer, form: str, sha256: str, *, everything: bool, question: str) -> str:
    """The answer in a form; JSON and HTML hold all of it, whatever else is asked for."""
    if form in ("json", "csv"):
        from metalocal.render.data import Maker, as_csv, as_json  # noqa: PLC0415  (one of the writers)

        return as_csv(found) if form == "csv" else as_json(found, Maker(version(), sha256))
    if form == "html":
        from metalocal.render.data import Maker  # noqa: PLC0415  (as above)
        from metalocal.render.html import as_html  # noqa: PLC0415  (slow: it draws)

        return as_html(found, Maker(version(), sha256))
    from metalocal.render.text import as_markdown, as_text  # noqa: PLC0415  (one of the writers)

    writer = as_markdown if form == "md" else as_text
    return writer(found, everything=everything, question=question)


def show(found: Answer, *, everything: bool, question: str) -> None:
    """The answer on a terminal, with colours and wrapped to its width."""
    from rich.console import Console  # noqa: PLC0415  (slow; for terminals only)
    from rich.padding import Padding  # noqa: PLC0415  (as above)
    from rich.text import Text  # noqa: PLC0415  (as above)

    from metalocal.render.text import lines  # noqa: PLC0415  (one of several writers)

    console = Console(highlight=False, width=min(shutil.get_terminal_size().columns, 140))
    for kind, depth, text in lines(found, everything=everything, question=question):
        if kind in ("question", "included", "indeterminate", "excluded"):
            console.print()
        console.print(Padding(Text(text, style=_STYLES.get(kind, "")), (0, 0, 0, depth * 2)))
