"""Induction, extrema, zeros: they write chains down and trust nothing; the judges decide."""
