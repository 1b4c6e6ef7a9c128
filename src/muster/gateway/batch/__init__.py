"""Batch: files of rows scored as a gateway would: same admission, guards and log, without a port."""
