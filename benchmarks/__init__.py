"""The figures we publish, and how to get them again."""
