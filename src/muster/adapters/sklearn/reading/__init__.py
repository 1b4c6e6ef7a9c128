"""Fitted scikit-learn models read into data: each transformer and classifier a small piece, and nothing guessed."""
