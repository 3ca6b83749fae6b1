"""The person file: its schema, its reading, its checks."""
