"""The gate: facts in, decision out."""
