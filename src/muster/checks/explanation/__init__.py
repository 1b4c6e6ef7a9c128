"""Explanation: whether what refused applicants are told is complete, true, steady and allowed."""
