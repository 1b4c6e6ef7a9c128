"""What training, registering and assessing share: a model's columns, its registration, and its scores."""
