"""Answers: what a model says that is not one probability a row, and how large files of answers are read."""
