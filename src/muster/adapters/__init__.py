"""Adapters: one file or folder per outside technology, each filling a port; only wiring binds them."""

import os

# onnxruntime reads this when it is loaded; without it, it keeps an id of the machine in the home folder and tells its
# maker what runs here. It is said to what this process starts, too.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
