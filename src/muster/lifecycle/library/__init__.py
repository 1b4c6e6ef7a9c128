"""Library: what may be demanded, by whom it is asked for, and how much of that is there."""
