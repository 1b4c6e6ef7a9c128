"""Local commands: what touches files or private keys on this machine, and so has no other door."""
