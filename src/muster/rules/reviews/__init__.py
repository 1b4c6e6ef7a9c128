"""Reviews by hand: whether a questionnaire is sound, and what answers to it say in figures."""
