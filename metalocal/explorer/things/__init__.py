"""A thing of the graph -> its page."""
