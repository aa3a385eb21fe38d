"""Turtle as people lay it out: read, changed and written with no line touched without need."""
