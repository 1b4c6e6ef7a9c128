"""Decisions: what goes to a person, what a rule of the house decides, and that answers follow from scores."""
