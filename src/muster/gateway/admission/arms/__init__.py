"""Arms: the versions that share a name, each admitted on its own proof."""
