"""What the model would have decided, had an attribute, or what stands in for it, been another."""
