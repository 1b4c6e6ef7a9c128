"""Commands about language models that touch local files, or play the second story."""
