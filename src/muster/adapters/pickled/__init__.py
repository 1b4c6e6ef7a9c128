"""Pickle and joblib files through an exact list of types. Import it in worker processes only: the walls stay needed."""
