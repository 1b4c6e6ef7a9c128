"""Open Inference Protocol: what Triton, KServe and MLServer speak, with binary tensors and the model repository."""
