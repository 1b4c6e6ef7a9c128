"""Entrance: people come in by password, one-time link or identity provider, and leave again; the ledger says each."""
