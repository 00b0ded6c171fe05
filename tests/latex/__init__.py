"""Texts in LaTeX with what they mean, coded by hand and independently of the reader."""
