"""The package guard: no package that is not real reaches the reader of an answer."""
