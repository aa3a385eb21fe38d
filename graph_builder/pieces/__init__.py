"""One data file to its piece of the graph, kept as long as nothing that it depends on changes."""
