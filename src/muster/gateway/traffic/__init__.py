"""Traffic: which version answers whom, and which are asked in the shadow."""
