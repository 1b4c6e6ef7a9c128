"""Signing: what people sign about a version, and whether the trust root lets their signature count."""
