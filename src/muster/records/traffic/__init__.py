"""Traffic: what is stopped, and versions that are let at people step by step."""
