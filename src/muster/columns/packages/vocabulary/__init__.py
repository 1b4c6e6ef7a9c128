"""Vocabulary: names that mean the language itself, anybody's own modules, or nothing in particular."""
