"""Graph and documents to all pages of the site, each a path and its Markdown."""

from __future__ import annotations

from pathlib import Path

from metalocal.graph import EvidenceGraph
from metalocal.site.beside import read_beside
from metalocal.site.content import Content, by
from metalocal.site.documents import pages_of
from metalocal.site.guidance import ModelPage, SourcePage, model_list, source_list
from metalocal.site.indexes import (
    attribute_list,
    study_list,
    term_history,
    terms_by_kind,
    terms_by_letter,
)
from metalocal.site.studies import StudyPage
from metalocal.site.terms import TermPage, Terms


def site_pages(graph: EvidenceGraph, root: Path) -> dict[str, str]:
    """Every page of the site: its path to its Markdown.

    `root` holds the folders queries, docs and ontology; documents and the history of terms are
    left out where they are not there.
    """
    content = Content(graph, root / "queries")
    pages = _generated(content) | _terms(Terms(content, read_beside(root / "ontology")))
    return pages | pages_of(root / "docs", pages)


def _generated(content: Content) -> dict[str, str]:
    """Pages of studies, sources and models, and the lists."""
    subjects: list[StudyPage | SourcePage | ModelPage] = [
        *(StudyPage(row, content) for row in content.rows("studies")),
        *(SourcePage(row, content) for row in content.rows("sources")),
        *(ModelPage(rows, content) for rows in by(content.rows("models"), "model").values()),
    ]
    return {subject.page.path: subject.written() for subject in subjects} | {
        "studies/index.md": study_list(content),
        "sources/index.md": source_list(content),
        "models/index.md": model_list(content),
        "attributes/index.md": attribute_list(content),
    }


def _terms(terms: Terms) -> dict[str, str]:
    """The page of each term, the lists of terms, and their history where it is known."""
    pages = {f"terms/{one.name}/index.md": TermPage(one, terms).written() for one in terms}
    pages["terms/index.md"] = terms_by_kind(terms)
    pages["alphabetical/index.md"] = terms_by_letter(terms)
    if terms.beside.history:
        pages["history/index.md"] = term_history(terms)
    return pages
