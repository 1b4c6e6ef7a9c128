"""What models that were trained elsewhere answer: which class the score is of, and which row they cannot score."""
