"""Every IRI the code names, in closed namespaces: a name that is not listed raises."""

from __future__ import annotations

from rdflib import Namespace, URIRef
from rdflib.namespace import DefinedNamespace

ONTOLOGY = "https://w3id.org/metalocal/ontology"
ID = "https://w3id.org/metalocal/id/"
ENDPOINT = "https://w3id.org/metalocal/sparql"
"""Where the graph is asked, whoever serves it."""
GROUP_GRAPHS = ("populations", "target-groups", "model-groups")
"""Named graphs of the classes of each kind of group."""
DEFINITION_SOURCE = URIRef("http://purl.obolibrary.org/obo/IAO_0000119")


class ML(DefinedNamespace):
    """Classes and properties of the ontology that the code names."""

    _NS = Namespace(f"{ONTOLOGY}/")
    _fail = True

    # classes
    Arm: URIRef
    Attribute: URIRef
    AttributeValue: URIRef
    AuditFinding: URIRef
    Bound: URIRef
    Clause: URIRef
    Code: URIRef
    Criterion: URIRef
    DecisionModel: URIRef
    Derivation: URIRef
    Estimate: URIRef
    Figure: URIRef
    GuidanceStatement: URIRef
    Implication: URIRef
    ModelGroup: URIRef
    NumberAttribute: URIRef
    OneOfAttribute: URIRef
    Population: URIRef
    Profile: URIRef
    Report: URIRef
    Rule: URIRef
    SetAttribute: URIRef
    Source: URIRef
    Statement: URIRef
    Study: URIRef
    StudyFact: URIRef
    TargetGroup: URIRef
    YesNoAttribute: URIRef

    # object properties
    aboutIntervention: URIRef
    aboutOutcome: URIRef
    accepts: URIRef
    across: URIRef
    arm: URIRef
    armRole: URIRef
    auditKind: URIRef
    betterWhen: URIRef
    cancerMix: URIRef
    characteristic: URIRef
    concerns: URIRef
    countOf: URIRef
    countsEvent: URIRef
    design: URIRef
    effectDirection: URIRef
    factArm: URIRef
    factPopulation: URIRef
    factorDirection: URIRef
    group: URIRef
    guidanceKind: URIRef
    hasArm: URIRef
    hasBound: URIRef
    hasClause: URIRef
    hasCriterion: URIRef
    hasEstimate: URIRef
    hasFact: URIRef
    hasFigure: URIRef
    hasIntervention: URIRef
    hasModelGroup: URIRef
    hasPopulation: URIRef
    hasReport: URIRef
    hasStatement: URIRef
    hasTarget: URIRef
    hasValue: URIRef
    ifValue: URIRef
    measure: URIRef
    notAbove: URIRef
    notBelowCountOf: URIRef
    ofPopulation: URIRef
    ofReport: URIRef
    onAttribute: URIRef
    onQuestion: URIRef
    onStudy: URIRef
    onlyWith: URIRef
    outcome: URIRef
    pooledDesign: URIRef
    pools: URIRef
    population: URIRef
    populationStatus: URIRef
    position: URIRef
    property: URIRef
    question: URIRef
    rejects: URIRef
    reportedIn: URIRef
    restsOn: URIRef
    resultsIn: URIRef
    severity: URIRef
    statedBy: URIRef
    statedDirection: URIRef
    statementKind: URIRef
    studyStatus: URIRef
    thenNotValue: URIRef
    thenValue: URIRef
    unit: URIRef
    versus: URIRef
    versusGroup: URIRef
    within: URIRef

    # data properties
    above: URIRef
    adjusted: URIRef
    advice: URIRef
    alsoCalled: URIRef
    atLeast: URIRef
    atMost: URIRef
    because: URIRef
    below: URIRef
    category: URIRef
    completeness: URIRef
    confidenceLevel: URIRef
    countryCode: URIRef
    dataFile: URIRef
    depth: URIRef
    doi: URIRef
    evidenceLevel: URIRef
    factor: URIRef
    findingText: URIRef
    forWhom: URIRef
    high: URIRef
    hasExclusiveClasses: URIRef
    highest: URIRef
    inEveryProfile: URIRef
    isRatio: URIRef
    journal: URIRef
    levelLine: URIRef
    licenceOfText: URIRef
    line: URIRef
    lineOfTherapy: URIRef
    low: URIRef
    lowest: URIRef
    nctNumber: URIRef
    noDifferenceAt: URIRef
    pRelation: URIRef
    pValue: URIRef
    phaseOf: URIRef
    place: URIRef
    printedHigh: URIRef
    printedLow: URIRef
    printedP: URIRef
    printedValue: URIRef
    pubmedNumber: URIRef
    referenceStated: URIRef
    ruleFile: URIRef
    sequence: URIRef
    strength: URIRef
    textHash: URIRef
    timeUnit: URIRef
    timeValue: URIRef
    value: URIRef
    wording: URIRef
    yearOfPublication: URIRef

    # annotation properties
    absenceClass: URIRef
    acrossLabel: URIRef
    attributeGroup: URIRef
    byRule: URIRef
    citation: URIRef
    criteriaClass: URIRef
    displayOrder: URIRef
    factProperty: URIRef
    note: URIRef
    presenceClass: URIRef
    questionText: URIRef
    shortLabel: URIRef


def code(name: str) -> URIRef:
    """The IRI of a code, attribute or attribute value: its YAML word is its local name.

    >>> code("overall_survival")
    rdflib.term.URIRef('https://w3id.org/metalocal/ontology/overall_survival')
    """
    return URIRef(f"{ONTOLOGY}/{name}")


def thing(*parts: object) -> URIRef:
    """The IRI of a thing that is not a term; the one place where such IRIs are minted.

    >>> thing("study", "mf07-01", "arm", "surgery")
    rdflib.term.URIRef('https://w3id.org/metalocal/id/study/mf07-01/arm/surgery')
    """
    return URIRef(ID + "/".join(str(part) for part in parts))
