"""What needs no muster to be true: canonical JSON, signatures, Merkle trees, trust roots, the zip file."""
