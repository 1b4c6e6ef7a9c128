"""The way in: sign-in pages, sessions in cookies, and what keeps strangers from trying too often."""
