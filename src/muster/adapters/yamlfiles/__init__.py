"""YAML files that people write, read into records: policies, control libraries and data contracts."""
