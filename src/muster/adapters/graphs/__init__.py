"""ONNX graphs that others made: judged, bound to columns, run. Import it in worker processes only."""
