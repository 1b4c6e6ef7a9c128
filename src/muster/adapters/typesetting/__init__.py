"""Typesetting: pages for paper."""
