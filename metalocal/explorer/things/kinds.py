"""The types of a thing -> who makes its page."""

from __future__ import annotations

from collections.abc import Iterable

from metalocal.catalogue import ML
from metalocal.explorer.things import word
from metalocal.explorer.things.finding import finding_page
from metalocal.explorer.things.guidance import group_page, model_page, statement_page
from metalocal.explorer.things.item import item_page
from metalocal.explorer.things.made import Maker
from metalocal.explorer.things.outcome import outcome_page
from metalocal.explorer.things.population import population_page
from metalocal.explorer.things.source import source_page
from metalocal.explorer.things.study import study_page

_MAKERS: dict[str, Maker] = {
    "Study": study_page,
    "Population": population_page,
    "Outcome": outcome_page,
    "BaselineCharacteristic": outcome_page,
    "Intervention": word.intervention_page,
    "Source": source_page,
    "GuidanceStatement": statement_page,
    "DecisionModel": model_page,
    "ModelGroup": group_page,
    "TargetGroup": group_page,
    "AuditFinding": finding_page,
    "OneOfAttribute": word.attribute_page,
    "YesNoAttribute": word.attribute_page,
    "NumberAttribute": word.attribute_page,
    "SetAttribute": word.attribute_page,
    "AttributeValue": word.value_page,
    "Question": word.question_page,
    "Report": item_page,
    "Estimate": item_page,
    "StudyFact": item_page,
}


def maker_of(types: Iterable[str]) -> Maker | None:
    """Who makes the page of a thing of these types; None where only its statements are shown."""
    for name in types:
        maker = _MAKERS.get(name.removeprefix(ML))
        if maker:
            return maker
    return None
