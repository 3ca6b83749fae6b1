"""Composes candidacy, course, quote and forecast into one plan; decides nothing itself."""
