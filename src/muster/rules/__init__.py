"""Pure decisions: what follows from the records. No I/O, no clock, no third-party library; time is an argument."""
