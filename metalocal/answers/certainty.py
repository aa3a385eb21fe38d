"""Certainty."""
from metalocal.answers.records import Certainty
def certainty_of(tier, votes, hanging): return Certainty("low", ())
