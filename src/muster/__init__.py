"""Muster: every model must pass muster before it serves.

Evidence in, decisions out. The tower, from the doors down to the nouns: ``cli api portal gateway sdk plugins``,
``wiring``, ``settings``, ``lifecycle adapters``, ``checks guards``, ``columns``, ``ports``, ``rules``, ``records``;
beside them all ``verifier``, which shares nothing with what it judges.
Imports go down only; ``./run check`` enforces it. Importing this package loads nothing heavy.
"""
