"""Whether data keeps its contract."""
