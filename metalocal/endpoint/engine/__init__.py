"""Processes that hold the graph and can be killed: a query in, a result or a refusal out."""
