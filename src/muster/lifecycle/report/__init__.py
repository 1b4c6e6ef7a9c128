"""Report: everything measured about one model version, for reading; every figure leads to its ledger entry."""
