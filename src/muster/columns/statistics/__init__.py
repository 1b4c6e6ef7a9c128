"""Counts and what follows from them: groups, bins, intervals, ranking, divergence, and one small regression."""
