"""Explanation: how much each factor moved a score, which of them are reasons, and what would have been approved."""
