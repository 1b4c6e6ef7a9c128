"""Entry points that other tools load or start: one of the doors."""
