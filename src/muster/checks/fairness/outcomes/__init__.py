"""What true outcomes look like by group, in data that a model learns from."""
