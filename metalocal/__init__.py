"""Reads the built evidence graph and answers from it: command line, answers, endpoint."""
