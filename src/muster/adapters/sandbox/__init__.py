"""Worker processes without keys, network or environment, and the walls around them. Linux; stdlib only."""
