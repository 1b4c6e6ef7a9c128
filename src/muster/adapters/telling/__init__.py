"""Telling: what leaves a house or a gateway for people and machines elsewhere: alerts, checkpoints, pushed orders."""
