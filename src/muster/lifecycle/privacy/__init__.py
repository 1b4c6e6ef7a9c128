"""Privacy: what people said is read where it may be, erased when they ask, and removed when it was kept long enough."""
