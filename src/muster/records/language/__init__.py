"""Language models: versions that somebody else hosts, and what their answers may hold."""
