"""Pooled effects, and reproductions of pooled effects, to lines of text and to Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from graph_builder.statistics import Bounds, Method, Pooled
from metalocal.pooling.answer import by_reason
from metalocal.pooling.records import LikeAnswer, PooledAnswer, Reading, Reproduction, Trial

METHOD_WORDS: dict[Method, str] = {
    "fixed": "fixed effect",
    "dl": "random effects, DerSimonian-Laird",
    "pm-hk": "random effects, Paule-Mandel with Hartung-Knapp interval",
}
FAVOURS = "A ratio below 1 favours the intervention."


def ratio_text(ratio: float, bounds: Bounds, level: float) -> str:
    """A ratio with its interval, two decimals.

    >>> ratio_text(0.8068, Bounds(0.5697, 1.1425), 95)
    '0.81 (95% CI 0.57 to 1.14)'
    """
    return f"{ratio:.2f} ({level:g}% CI {bounds.low:.2f} to {bounds.high:.2f})"


def p_text(p: float) -> str:
    """A p value with three decimals.

    >>> p_text(0.2271), p_text(0.00001)
    ('p = 0.227', 'p < 0.001')
    """
    return "p < 0.001" if p < 0.001 else f"p = {p:.3f}"


def pooled_words(one: Pooled) -> str:
    """Method, ratio, interval, p and prediction interval."""
    words = f"{METHOD_WORDS[one.method]}: {ratio_text(one.ratio, one.interval, one.level)}"
    words += f", {p_text(one.p)}"
    if one.prediction:
        bounds = one.prediction
        words += f"; {one.level:g}% prediction interval {bounds.low:.2f} to {bounds.high:.2f}"
    return words


def heterogeneity_words(results: Iterable[Pooled]) -> str:
    """How much the studies differ: Q, I² and τ² by method."""
    known = list(results)
    one = known[0]
    words = f"Q = {one.q:.2f} on {one.q_degrees_of_freedom} df, {p_text(one.q_p)}"
    words += f"; I² = {100 * one.i2:.0f}%"
    taus = [f"{each.tau2:.3f} ({each.method})" for each in known if each.method != "fixed"]
    return f"{words}; τ² = {', '.join(taus)}" if taus else words


def title_of(answer: PooledAnswer) -> str:
    """Outcome, measure, question and designs."""
    about = answer.about
    measure = f"{capital(about.outcome_label)}, {about.measure_label}"
    return f"{measure}: {about.question_label}, {designs_of(answer)}"


def designs_of(answer: PooledAnswer) -> str:
    """The designs of what was pooled, each once."""
    return " and ".join(dict.fromkeys(one.ratio.design_label for one in answer.readings))


def capital(text: str) -> str:
    """The text with a capital first letter.

    >>> capital("random effects, DerSimonian-Laird")
    'Random effects, DerSimonian-Laird'
    """
    return text[:1].upper() + text[1:]


def reading_words(reading: Reading) -> str:
    """The number as printed, how it was read, and where it stands."""
    told = f" [{reading.words()}]" if reading.words() else ""
    place = f" {{{reading.printing.place}}}" if reading.printing.place else ""
    return f"{reading.printing.text}{told}{place}"


def contrast_words(reading: Reading) -> str:
    """Arm versus reference arm, and population."""
    ratio = reading.ratio
    arm = ratio.arm.label if ratio.arm else ""
    versus = ratio.versus.label if ratio.versus else ""
    adjusted = f", {ratio.adjusted}" if ratio.adjusted else ""
    return f"{arm} versus {versus}, in {ratio.population_label}{adjusted}"


def pooled_lines(answer: PooledAnswer, notice: str) -> Iterator[str]:
    """The answer as plain text: inputs, pooled effects, what was left out and why."""
    yield title_of(answer)
    yield FAVOURS
    yield ""
    weights = answer.weighed.weights
    for reading, patients, weight in zip(answer.readings, answer.patients, weights, strict=True):
        yield f"  {reading.ratio.study_label}: {reading_words(reading)}"
        count = f"n = {patients}; " if patients else ""
        yield f"    {count}weight {100 * weight:.1f}%; {contrast_words(reading)}"
        if reading.ratio.note:
            yield f"    note: {reading.ratio.note}"
    yield ""
    yield from (f"  {pooled_words(one)}" for one in answer.results)
    yield f"  {heterogeneity_words(answer.results)}"
    yield f"  Weights are those of {METHOD_WORDS[answer.weighed.method]}."
    yield from _left_out_lines(answer)
    yield ""
    yield notice


def _left_out_lines(answer: PooledAnswer) -> Iterator[str]:
    if not answer.left_out:
        return
    yield ""
    yield f"  Not pooled ({len(answer.left_out)} ratios of this question):"
    for reason, keys in by_reason(answer.left_out).items():
        yield f"    {reason}: {', '.join(keys)}"


def like_lines(answer: LikeAnswer, notice: str) -> Iterator[str]:
    """The reproduction of a meta-analysis as plain text."""
    yield f"{answer.review_label} pooled, as far as sources name them: {', '.join(answer.studies)}"
    for one in answer.reproductions:
        yield ""
        yield from _reproduction_lines(one)
    if not answer.reproductions:
        yield "  No source prints a pooled ratio of it."
    if answer.notes:
        yield ""
        yield "  Notes on it:"
        yield from (f"    {note}" for note in answer.notes)
    yield ""
    yield notice


def _reproduction_lines(one: Reproduction) -> Iterator[str]:
    place = f" {{{one.printing.place}}}" if one.printing else ""
    text = (
        one.printing.text if one.printing else "; ".join(each.text for each in one.ratio.printings)
    )
    yield f"  {one.ratio.about}, {one.ratio.measure_label}: printed {text}{place}"
    if one.problem:
        yield f"    not reproduced: {one.problem}"
        yield from (f"      {missing}" for missing in one.missing)
        return
    yield "    inputs:"
    for reading in one.trials[0].readings:
        stated = "" if reading.ratio.reference_stated else " [reference not stated]"
        place = f" {{{reading.printing.place}}}" if reading.printing.place else " [given by you]"
        yield f"      {reading.ratio.study_label}: {reading.printing.text}{stated}{place}"
    yield from _trial_lines(one)


def _trial_lines(one: Reproduction) -> Iterator[str]:
    shown = one.exact or one.trials[:1]
    if one.exact:
        yield f"    reproduced to the printed digits by {len(one.exact)} of {len(one.trials)}:"
    else:
        yield f"    reproduced to the printed digits by none of {len(one.trials)}; nearest:"
    yield from (f"      {trial_words(trial)}" for trial in shown)
    rest = [trial for trial in one.trials if trial not in shown]
    same = [trial for trial in rest if trial.pooled.method == shown[0].pooled.method]
    if same:
        yield "    the same method, read otherwise:"
        yield from (f"      {trial_words(trial)}" for trial in same)


def trial_words(trial: Trial) -> str:
    """What one reading gives, and which of its figures round to those printed."""
    result = ratio_text(trial.pooled.ratio, trial.pooled.interval, trial.pooled.level)
    return f"{trial.words}; {METHOD_WORDS[trial.pooled.method]}: {result}: {agreement_words(trial)}"


def agreement_words(trial: Trial) -> str:
    """Which figures of a trial round to those printed."""
    words = {"ratio": "the ratio", "low": "the lower bound", "high": "the upper bound"}
    names = trial.agreeing
    if trial.is_exact:
        return "all figures agree"
    if not names:
        return "no figure agrees"
    return (
        f"{' and '.join(words[name] for name in names)} {'agrees' if len(names) == 1 else 'agree'}"
    )


def as_markdown(lines: Iterable[str]) -> str:
    """Lines of text as Markdown: the first a heading, indented ones list items."""
    out = []
    for number, line in enumerate(lines):
        depth = (len(line) - len(line.lstrip())) // 2
        text = line.strip().replace("|", "\\|").replace("<", "&lt;")
        if number == 0:
            out.append(f"## {text}\n")
        elif depth:
            out.append(f"{'  ' * (depth - 1)}- {text}")
        else:
            out.append(text)
    return "\n".join(out) + "\n"
