"""The nouns of the field: frozen dataclasses, standard library only.

A record says what is. Import the file that holds the noun, never this package. Evolution has one law: a new field
has a default; anything else is a new kind. A golden file per kind must parse for ever.
"""
