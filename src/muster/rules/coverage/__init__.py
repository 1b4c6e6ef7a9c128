"""Coverage: which clauses ask for what, what answers them here, and what nothing answers."""
