"""How decisions and errors differ between groups, and what the model could know about the groups."""
