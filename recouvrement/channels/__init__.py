"""The ways out of the house: SMTP, post, telephone list."""
