"""The ledger in one SQLite file: ``ledger`` fills the port, the other files are its parts."""
