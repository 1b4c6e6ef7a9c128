"""Page: what every HTML page of ours is made of: markup, charts, and the parts that several pages show."""
