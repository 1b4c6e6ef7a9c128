"""The second story: a language model writes code, and what it invents never reaches whoever asked."""
