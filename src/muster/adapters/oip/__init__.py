"""Models behind endpoints that speak the Open Inference Protocol: data goes out, data comes back."""
