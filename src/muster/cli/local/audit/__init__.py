"""Audit: what somebody who trusts nobody here verifies on their own machine."""
