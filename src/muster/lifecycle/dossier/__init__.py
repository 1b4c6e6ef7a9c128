"""Dossier: everything that is known about a version, proven, in one file that verifies itself offline."""
