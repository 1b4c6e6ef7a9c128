"""The door for language models: what clients of OpenAI's API speak, with guards between the model and its reader."""
