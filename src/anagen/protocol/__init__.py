"""Which protocol is worth testing: gain, its uncertainty, money, and the worth of knowing more."""
