"""Layout: where a text holds code, commands and manifests, and how each of them is read."""
