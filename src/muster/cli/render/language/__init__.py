"""Results about language models, for people."""
