"""Entry points that other tools load, such as a plugin for a team's own MLflow server: one of the doors."""
