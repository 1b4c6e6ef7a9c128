"""Continuous integration: what the gate says, as pipelines and those who read their logs want it."""
