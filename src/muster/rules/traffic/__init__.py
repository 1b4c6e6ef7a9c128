"""Traffic: who is answered by which version, and when a canary may go on."""
