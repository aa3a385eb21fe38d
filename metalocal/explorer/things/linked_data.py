"""Things of the graph -> what search engines and reference managers read: schema.org in JSON-LD."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from markupsafe import Markup

from metalocal.attributes import local_name
from metalocal.pages.addresses import ONTOLOGY

_CONDITION = {"@type": "MedicalCondition", "name": "metastatic breast cancer"}
_TRIALS = ("randomised_controlled_trial", "single_arm_trial", "non_randomised_trial")
_ARTICLES = (
    "meta_analysis",
    "pooled_trials_analysis",
    "systematic_review",
    "narrative_review",
    "consensus_process",
)
_OBSERVED = ("cohort", "case_series")
_STATUS = {
    "completed": "Completed",
    "planned": "NotYetRecruiting",
    "active_not_recruiting": "ActiveNotRecruiting",
    "recruiting": "Recruiting",
    "closed_early": "Terminated",
    "status_unknown": "Unknown",
}


def as_script(data: Mapping[str, object], iri: str) -> Markup:
    r"""JSON for a script element of type application/ld+json; nothing in it can end the element.

    >>> print(as_script({"name": "</script>"}, "https://a.example"))
    {"@context": "https://schema.org", "@id": "https://a.example", "name": "\u003c/script\u003e"}
    """
    whole = {"@context": "https://schema.org", "@id": iri, **data}
    text = json.dumps(whole, ensure_ascii=False)
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(text)  # noqa: S704  (what could end the element is written as escapes)


def study(
    row: Mapping[str, str], names: Mapping[str, Iterable[str]], countries: Iterable[str]
) -> dict[str, object]:
    """A study; `names` are its identifiers by kind: NCT, PMID, DOI, name."""
    design = local_name(row["design"])
    told: dict[str, object] = {"@type": _type(design), "name": row["label"]}
    told["alternateName"] = list(names.get("name", ()))
    told["identifier"] = [
        {"@type": "PropertyValue", "propertyID": kind, "value": value}
        for kind, values in names.items()
        if kind != "name"
        for value in values
    ]
    told["sameAs"] = [f"https://doi.org/{doi}" for doi in names.get("DOI", ())]
    told["about" if design in _ARTICLES else "healthCondition"] = _CONDITION
    if design not in _ARTICLES:
        told["description"] = f"{row['designLabel']}: {row['questionLabel']}"
        told["status"] = f"https://schema.org/{_STATUS.get(local_name(row['status']), 'Unknown')}"
        told["studyLocation"] = [{"@type": "Country", "name": code} for code in countries]
    if design == "randomised_controlled_trial":
        told["trialDesign"] = "https://schema.org/RandomizedTrial"
    return _filled(told)


def _type(design: str) -> str:
    if design in _ARTICLES:
        return "MedicalScholarlyArticle"
    if design in _TRIALS:
        return "MedicalTrial"
    return "MedicalObservationalStudy" if design.endswith(_OBSERVED) else "MedicalStudy"


def source(row: Mapping[str, str]) -> dict[str, object]:
    """An article that prints what the graph holds."""
    journal = {"@type": "Periodical", "name": row["journal"]} if "journal" in row else None
    return _filled(
        {
            "@type": "ScholarlyArticle",
            "name": row["label"],
            "citation": row["citation"],
            "datePublished": row["year"],
            "isPartOf": journal,
            "sameAs": f"https://doi.org/{row['doi']}" if "doi" in row else None,
        }
    )


def word(label: str, definition: str) -> dict[str, object]:
    """A word of the ontology."""
    terms = {"@type": "DefinedTermSet", "@id": ONTOLOGY, "name": "metalocal ontology"}
    return _filled(
        {
            "@type": "DefinedTerm",
            "name": label,
            "description": definition,
            "inDefinedTermSet": terms,
        }
    )


def table(name: str, measured: Iterable[str], part_of: str) -> dict[str, object]:
    """A set of results: what is measured in it, and the study it is part of."""
    return _filled(
        {
            "@type": "Dataset",
            "name": name,
            "description": f"Printed results: {name}",
            "variableMeasured": list(dict.fromkeys(measured)),
            "isPartOf": {"@id": part_of} if part_of else None,
        }
    )


def claim(name: str, text: str, sources: Iterable[str]) -> dict[str, object]:
    """Something printed, with the articles it is printed in."""
    appearing = [{"@type": "ScholarlyArticle", "@id": each} for each in dict.fromkeys(sources)]
    return _filled({"@type": "Claim", "name": name, "text": text, "appearance": appearing})


def guideline(name: str, text: str, strength: str, sources: Iterable[str]) -> dict[str, object]:
    """A statement of guidance."""
    from_ = [{"@type": "ScholarlyArticle", "@id": each} for each in dict.fromkeys(sources)]
    told = {
        "@type": "MedicalGuidelineRecommendation" if strength else "MedicalGuideline",
        "name": name,
        "description": text,
        "recommendationStrength": strength,
        "guidelineSubject": _CONDITION,
        "subjectOf": from_,
    }
    return _filled(told)


def model(name: str, text: str, groups: Iterable[str]) -> dict[str, object]:
    """A decision model and its groups."""
    parts = [{"@type": "DefinedTerm", "name": group} for group in groups]
    return _filled(
        {"@type": "DefinedTermSet", "name": name, "description": text, "hasDefinedTerm": parts}
    )


def _filled(told: Mapping[str, object]) -> dict[str, object]:
    """Without what is empty."""
    return {key: value for key, value in told.items() if value}
