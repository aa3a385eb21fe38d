"""`metalocal pool`: ratios of the graph pooled, or a meta-analysis reproduced from its inputs."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Annotated, TypeVar, cast

import typer

from graph_builder.problems import closest
from graph_builder.statistics import METHODS, Effect, Method, check_effect
from metalocal.answers import NOTICE
from metalocal.commands.common import errors, open_graph, write_out
from metalocal.files import replacing
from metalocal.locations import locations
from metalocal.plots.records import Forest
from metalocal.pooling.answer import pooled_answer
from metalocal.pooling.data import like_csv, like_json, pooled_csv, pooled_json
from metalocal.pooling.forest import forest_of, forests_like
from metalocal.pooling.like import like as like_answer
from metalocal.pooling.ratios import read_pool
from metalocal.pooling.records import (
    AskedWronglyError,
    Choice,
    LikeAnswer,
    PooledAnswer,
    PoolingError,
    Printing,
)
from metalocal.pooling.words import as_markdown, like_lines, pooled_lines

FORMATS = ("text", "md", "json", "csv")
PLOTS = (".svg", ".png")
_DEFAULT = Choice()
_Answer = TypeVar("_Answer", PooledAnswer, LikeAnswer)


Question = Annotated[str, typer.Option(help="Question, by its word.")]
Outcome = Annotated[str, typer.Option(help="Outcome, by its word.")]
Measure = Annotated[str, typer.Option(help="hazard_ratio, odds_ratio or risk_ratio.")]
Designs = Annotated[
    list[str] | None,
    typer.Option("--design", help=f"Design, {_DEFAULT.designs[0]} by default. Repeatable."),
]
Population = Annotated[
    str, typer.Option(help="A part of the patients, by its id or label; else whole studies.")
]
Studies = Annotated[
    list[str] | None,
    typer.Option("--study", help="Only this study, or study/estimate. Repeatable."),
]
Inverted = Annotated[
    list[str] | None,
    typer.Option("--invert", help="Study whose unstated reference is the treatment. Repeatable."),
]
AsPrinted = Annotated[
    list[str] | None,
    typer.Option("--as-printed", help="Study whose unstated reference is the control. Repeatable."),
]
Given = Annotated[
    list[str] | None,
    typer.Option("--set", help="STUDY=RATIO,LOW,HIGH,LEVEL: your own numbers. Repeatable."),
]
Methods = Annotated[
    list[str] | None,
    typer.Option("--method", help=f"{', '.join(METHODS)}; all by default. Repeatable."),
]
Level = Annotated[float, typer.Option(help="Level of the pooled interval, in percent.")]
Like = Annotated[
    str | None, typer.Option(help="Reproduce this meta-analysis from the studies it pooled.")
]
Form = Annotated[str, typer.Option("--format", help=f"One of {', '.join(FORMATS)}.")]
Plot = Annotated[Path | None, typer.Option(help="Forest plot: FILE.svg or FILE.png.")]
Output = Annotated[Path | None, typer.Option("--output", "-o", help="Write here.")]
Endpoint = Annotated[str | None, typer.Option(help="Ask this SPARQL endpoint.")]


def pool(  # noqa: PLR0913  (each parameter is an option of the command line)
    question: Question = _DEFAULT.question,
    outcome: Outcome = _DEFAULT.outcome,
    measure: Measure = _DEFAULT.measure,
    design: Designs = None,
    population: Population = "",
    study: Studies = None,
    invert: Inverted = None,
    as_printed: AsPrinted = None,
    given: Given = None,
    method: Methods = None,
    level: Level = 95,
    like: Like = None,
    form: Form = "text",
    plot: Plot = None,
    output: Output = None,
    endpoint: Endpoint = None,
) -> None:
    """Pool ratios of one question and outcome, and say why the others are not pooled."""
    choice = Choice(
        question, outcome, measure, tuple(design or _DEFAULT.designs), population,
        tuple(study or ()), tuple(invert or ()), tuple(as_printed or ()),
        tuple(given_numbers(one) for one in given or ()),
    )  # fmt: skip
    methods = methods_of(method)
    _check(form, level, plot)
    if like is not None:
        _check_alone(choice)
    held = read_pool(open_graph(endpoint), locations().queries)
    if like is not None:
        found = like_answer(held, like, choice.given, methods)
        if plot is not None:
            draw_like(found, plot)
        return write_out(like_written(found, form), output)
    answer = pooled_answer(held, choice, methods, level=level)
    if plot is not None:
        draw(forest_of(answer, NOTICE), plot)
    return write_out(pooled_written(answer, form), output)


def methods_of(names: list[str] | None) -> tuple[Method, ...]:
    """The methods named, each once; all where none is.

    Raises:
        AskedWronglyError: a method is not known.
    """
    for name in names or ():
        if name not in METHODS:
            raise AskedWronglyError(f"--method {name} is not known: {closest(name, METHODS)}")
    return cast("tuple[Method, ...]", tuple(dict.fromkeys(names or METHODS)))


def given_numbers(text: str) -> tuple[str, Printing]:
    """A study and a person's own numbers for it, from STUDY=RATIO,LOW,HIGH,LEVEL.

    Raises:
        AskedWronglyError: it has another form, or the numbers are no ratio with interval.
    """
    study, equals, numbers = text.partition("=")
    parts = [part.strip() for part in numbers.split(",")]
    if not equals or len(parts) != 4:
        message = f"--set {text}: write STUDY=RATIO,LOW,HIGH,LEVEL"
        raise AskedWronglyError(f"{message}, such as mf07-01=0.66,0.49,0.88,95")
    try:
        ratio, low, high, level = map(float, parts)
        check_effect(Effect(study, "", ratio, low, high, level))
    except ValueError as error:
        raise AskedWronglyError(f"--set {text}: {error}") from error
    return study.strip(), Printing(parts[0], parts[1], parts[2], parts[3], source="", line="")


def _check(form: str, level: float, plot: Path | None) -> None:
    if form not in FORMATS:
        raise AskedWronglyError(f"--format {form} is not known: use {', '.join(FORMATS)}")
    if not 50 <= level < 100:
        raise AskedWronglyError(f"--level {level:g}: give a percentage from 50 to below 100")
    if plot is not None and plot.suffix.lower() not in PLOTS:
        raise AskedWronglyError(f"--plot {plot}: name a file that ends in {' or '.join(PLOTS)}")


def _check_alone(choice: Choice) -> None:
    """Refuses options that --like answers by itself."""
    if choice != Choice(given=choice.given):
        message = "--like takes question, outcome and studies from the meta-analysis"
        raise AskedWronglyError(f"{message}, and tries every reading: leave them out")


def pooled_written(answer: PooledAnswer, form: str) -> str:
    """The answer in one of the formats."""
    return _written(answer, form, pooled_json, pooled_csv, pooled_lines)


def like_written(answer: LikeAnswer, form: str) -> str:
    """The reproduction in one of the formats."""
    return _written(answer, form, like_json, like_csv, like_lines)


def _written(
    answer: _Answer,
    form: str,
    as_json: Callable[[_Answer, str], str],
    as_csv: Callable[[_Answer], str],
    as_lines: Callable[[_Answer, str], Iterable[str]],
) -> str:
    if form == "json":
        return as_json(answer, NOTICE)
    if form == "csv":
        return as_csv(answer)
    lines = as_lines(answer, NOTICE)
    return as_markdown(lines) if form == "md" else "\n".join(lines) + "\n"


def draw_like(answer: LikeAnswer, path: Path) -> None:
    """Writes a plot for each result that could be tried: to the path, its name with -2, -3, ...

    Raises:
        PoolingError: none could be tried; the message gives the reason for each.
    """
    forests = forests_like(answer, NOTICE)
    if not forests:
        why = [f"  {one.ratio.about}: {one.problem}" for one in answer.reproductions]
        told = f"--plot: no printed result of {answer.review_label} has all its inputs in the graph"
        raise PoolingError("\n".join((told, *why)))
    for number, forest in enumerate(forests, 1):
        draw(forest, path if number == 1 else path.with_stem(f"{path.stem}-{number}"))


def draw(forest: Forest, path: Path) -> None:
    """Writes the forest plot, whole or not at all."""
    from metalocal.plots import forest_png, forest_svg  # noqa: PLC0415  (slow to import)

    is_svg = path.suffix.lower() == ".svg"
    data = forest_svg(forest).encode() if is_svg else forest_png(forest)
    with replacing(path) as beside:
        beside.write_bytes(data)
    errors().print(f"wrote {path}")
