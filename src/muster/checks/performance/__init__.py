"""How well scores rank, how often decisions are right, and whether probabilities are what they say."""
