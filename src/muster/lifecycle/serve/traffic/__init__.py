"""Traffic: which versions share a name, how a new one is let at people, and how everything is stopped."""
