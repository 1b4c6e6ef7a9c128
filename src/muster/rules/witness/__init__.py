"""Witness: what others than the ledger's keeper say of it, and how old checkpoints are held against new ones."""
