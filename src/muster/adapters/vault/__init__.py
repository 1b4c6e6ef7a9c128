"""Personal data in a folder, sealed under a key of each person's own."""
