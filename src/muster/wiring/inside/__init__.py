"""What runs inside the walls of a worker: models by their format, training, and compiling."""
