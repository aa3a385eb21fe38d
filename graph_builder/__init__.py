"""Data and ontology in, checked evidence graph out. Writes the graph, never serves it."""
