"""Search: a family of models is tried on validation rows, for one that is less discriminatory and worth more."""
