"""Facts of the house that answer objectives which nothing measures: each worked out from records, or not shown."""
