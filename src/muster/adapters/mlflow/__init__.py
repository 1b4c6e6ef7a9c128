"""MLflow as tracking and model registry; no other package of ours imports it, and it is imported on first use only."""
