"""The mutation suite of the proof checker: one edit in one line of a derivation, and an oracle for the truth.

`mutants` writes the edits, `oracle` finds out which of them are still true, `suite` asks the checker and
counts, `run` does so for every derivation and stores the report that a page of the book shows.
"""
