"""A plan as terminal text, JSON, an HTML page or a calendar."""
