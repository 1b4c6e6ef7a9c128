"""Checks: detective controls. They measure a sample and return figures with n and interval; they never say pass."""
