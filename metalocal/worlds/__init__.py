"""What is told of many possible patients to what follows from it, for all of them at once.

Possible patients, or worlds, are the bits of an integer, so that a rule is applied to all of them
by a few operations. What `profile_of` does for one patient, `completed` does for each of these.
"""

from metalocal.worlds.completion import completed, with_count
from metalocal.worlds.records import Numbers, Scale, Worlds, bits_at, worlds_of

__all__ = ["Numbers", "Scale", "Worlds", "bits_at", "completed", "with_count", "worlds_of"]
