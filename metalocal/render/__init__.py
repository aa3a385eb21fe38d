"""Answers to text, Markdown, JSON and CSV."""
