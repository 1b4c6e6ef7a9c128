"""How scores differ between groups, and whether they mean and rank the same in each."""
