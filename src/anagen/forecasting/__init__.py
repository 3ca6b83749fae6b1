"""Person, arms and parameter draws to a forecast of distributions."""
