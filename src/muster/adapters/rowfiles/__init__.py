"""Files of rows, as Parquet, CSV and Arrow IPC: read piece by piece, written whole or not at all."""
