"""Whether data is fit to learn and to judge from: contract, leakage, labels, coverage, and strange values."""
