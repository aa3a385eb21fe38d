"""The commands of the command line, one a module: arguments in, exit code out."""
