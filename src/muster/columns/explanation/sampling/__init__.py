"""Reasons of models whose shares cannot be worked out exactly: rows are mixed and scored."""
