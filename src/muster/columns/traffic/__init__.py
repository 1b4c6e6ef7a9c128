"""Two versions that decided beside each other in the same time, and how far what they decided is apart."""
