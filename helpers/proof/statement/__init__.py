"""What is claimed: terms, hypotheses, named functions, chains of lines. Data; nothing is judged here.

Both judges trust this folder and nothing else that is ours, except the clock.
"""
