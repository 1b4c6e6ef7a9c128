"""What reviewers do with keys of their own, on their own machines."""
