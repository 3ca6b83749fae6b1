"""In-silico trials: a trial written down, run on virtual people, and what it could tell."""
