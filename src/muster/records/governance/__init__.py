"""Governance: the terms of a policy beyond its limits, and who signed for it."""
