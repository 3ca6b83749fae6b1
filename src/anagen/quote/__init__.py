"""What a course may cost, with the contradictions between sources shown."""
