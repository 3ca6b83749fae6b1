"""Numbers of other programs that ours are compared with."""
