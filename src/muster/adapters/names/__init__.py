"""Names of packages that exist, kept as dated snapshots that are mapped into memory; nothing here queries an index."""
