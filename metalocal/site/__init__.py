"""The built graph and the hand-written documents, turned into a documentation site."""
