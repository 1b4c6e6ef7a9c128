"""What is worked out for many rows at once: columns as arrays, matrices of them, and trees."""
