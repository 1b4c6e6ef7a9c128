"""Papers: what is known about a version, in the order in which law or custom want to read it."""
