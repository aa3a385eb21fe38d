"""`python -m metalocal` is the command `metalocal`."""

from metalocal.cli import main

main()
