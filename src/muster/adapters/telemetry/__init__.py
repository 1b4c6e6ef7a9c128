"""Telemetry: what a gateway tells of itself to those who run it."""
