"""Guards of what else an answer may hold: secrets, personal data, licence notices, dangerous commands."""
