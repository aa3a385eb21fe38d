"""What the pages of things ask of the graph where no named query gives it."""

from __future__ import annotations

_PREFIXES = """\
PREFIX ml: <https://w3id.org/metalocal/ontology/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""
STUDIES = f"""{_PREFIXES}
SELECT ?study ?label ?design ?designLabel ?status ?statusLabel ?question ?questionLabel ?phase ?note
WHERE {{
  ?study a ml:Study ; rdfs:label ?label ; ml:design ?design ; ml:studyStatus ?status ;
    ml:question ?question .
  ?design rdfs:label ?designLabel . ?status rdfs:label ?statusLabel .
  ?question rdfs:label ?questionLabel ; ml:displayOrder ?order .
  OPTIONAL {{ ?study ml:phaseOf ?phase }}
  OPTIONAL {{ ?study ml:note ?note }}
}} ORDER BY ?order ?label"""
COUNTRIES = f"""{_PREFIXES}
SELECT ?study ?country WHERE {{ ?study ml:countryCode ?country }} ORDER BY ?study ?country"""
FACTS = f"""{_PREFIXES}
SELECT ?study ?fact ?sequence ?property ?propertyLabel ?armLabel ?populationLabel ?report ?value
  ?unit ?source ?line ?place ?note ?reportNote
WHERE {{
  ?study ml:hasFact ?fact .
  ?fact ml:sequence ?sequence ; ml:property ?property ; ml:hasReport ?report .
  ?property rdfs:label ?propertyLabel .
  ?report ml:printedValue ?value ; ml:reportedIn ?source ; ml:line ?line .
  OPTIONAL {{ ?report ml:place ?place }}
  OPTIONAL {{ ?report ml:note ?reportNote }}
  OPTIONAL {{ ?fact ml:note ?note }}
  OPTIONAL {{ ?fact ml:unit ?unitCode . ?unitCode rdfs:label ?unit }}
  OPTIONAL {{ ?fact ml:factArm ?arm . ?arm ml:shortLabel ?armLabel }}
  OPTIONAL {{ ?fact ml:factPopulation ?population . ?population ml:shortLabel ?populationLabel }}
}} ORDER BY ?study ?sequence ?source ?line ?report"""
STATEMENTS = f"""{_PREFIXES}
SELECT ?study ?statement ?sequence ?kindLabel ?isLimitation ?text ?report ?source ?line ?place
WHERE {{
  ?study ml:hasStatement ?statement .
  ?statement ml:sequence ?sequence ; ml:statementKind ?kind ; ml:wording ?text ;
    ml:hasReport ?report .
  ?kind rdfs:label ?kindLabel ; ml:isLimitation ?isLimitation .
  ?report ml:reportedIn ?source ; ml:line ?line .
  OPTIONAL {{ ?report ml:place ?place }}
}} ORDER BY ?study ?sequence ?source ?line"""
ARMS = f"""{_PREFIXES}
SELECT ?study ?studyLabel ?arm ?label ?role ?intervention ?interventionLabel WHERE {{
  ?study ml:hasArm ?arm ; rdfs:label ?studyLabel .
  ?arm ml:shortLabel ?label ; ml:armRole ?roleCode . ?roleCode rdfs:label ?role .
  OPTIONAL {{ ?arm ml:hasIntervention ?intervention . ?intervention rdfs:label ?interventionLabel }}
}} ORDER BY ?study ?role ?arm ?interventionLabel"""
GROUPS = f"""{_PREFIXES}
SELECT ?owner ?ownerLabel ?group ?label ?kind WHERE {{
  VALUES (?has ?kind) {{ (ml:hasPopulation "population of a study")
    (ml:hasTarget "patients of a guidance statement") (ml:hasModelGroup "group of a model") }}
  ?owner ?has ?group ; rdfs:label ?ownerLabel . ?group rdfs:label ?label .
}} ORDER BY ?ownerLabel ?group"""
CRITERIA = f"""{_PREFIXES}
SELECT ?criterion ?label WHERE {{ ?criterion a ml:Criterion ; ml:shortLabel ?label }}"""
RESULTS_IN = f"""{_PREFIXES}
SELECT ?group ?label ?population ?populationLabel WHERE {{
  ?group ml:resultsIn ?population ; rdfs:label ?label . ?population rdfs:label ?populationLabel
}} ORDER BY ?label"""
ABOUT = f"""{_PREFIXES}
SELECT ?statement ?how ?word ?label WHERE {{
  VALUES (?is ?how) {{ (ml:onQuestion "Question") (ml:aboutIntervention "Interventions")
    (ml:aboutOutcome "Outcomes") }}
  ?statement ?is ?word ; a ml:GuidanceStatement . ?word rdfs:label ?label
}} ORDER BY ?statement ?label"""
RULES = f"""{_PREFIXES}
SELECT ?rule ?label WHERE {{ ?rule a ml:Rule ; rdfs:label ?label }}"""
VALUES = f"""{_PREFIXES}
SELECT ?attribute ?attributeLabel ?value ?label WHERE {{
  ?attribute ml:hasValue ?value ; rdfs:label ?attributeLabel . ?value ml:shortLabel ?label ;
    ml:displayOrder ?order
}} ORDER BY ?attribute ?order"""
OWNER = f"""{_PREFIXES}
SELECT ?owner ?ownerLabel ?report ?source ?line ?place ?note ?text ?wording ?direction WHERE {{{{
  ?owner ml:hasReport {{report}} ; rdfs:label ?ownerLabel ; ml:hasReport ?report .
  ?report ml:reportedIn ?source ; ml:line ?line .
  OPTIONAL {{{{ ?report ml:place ?place }}}}
  OPTIONAL {{{{ ?report ml:note ?note }}}}
  OPTIONAL {{{{ ?report ml:printedValue ?text }}}}
  OPTIONAL {{{{ ?report ml:wording ?wording }}}}
}}}} ORDER BY ?source ?line ?report"""
"""All reports of what a report is of; `report` is a term."""
DESCRIBED = f"""{_PREFIXES}
SELECT ?thing ?report ?source ?line ?place ?note WHERE {{{{
  BIND({{thing}} AS ?thing) ?thing ml:hasReport ?report .
  ?report ml:reportedIn ?source ; ml:line ?line .
  OPTIONAL {{{{ ?report ml:place ?place }}}}
  OPTIONAL {{{{ ?report ml:note ?note }}}}
}}}} ORDER BY ?source ?line ?report"""
"""Where a thing itself is described; `thing` is a term."""
