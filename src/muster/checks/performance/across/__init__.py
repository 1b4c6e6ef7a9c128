"""Performance across thresholds, depths, parts of the sample, slices found in it, and models."""
