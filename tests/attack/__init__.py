"""Statements aimed at the rules of the proof checker, and an evaluator of their own that decides the truth.

`letters` and `statement` say what a statement is made of, the files `kinds_*` generate them, each by one
idea, `oracle` finds out which are true, `run` puts them to the checker and counts what it got wrong.
"""
