"""Writing: an answer in the words of each of OpenAI's protocols, whole or as a stream."""
