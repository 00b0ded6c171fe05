"""Statements, verdicts and derivations as LaTeX, plain text and HTML."""
