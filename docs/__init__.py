"""Pages, and what makes some of them."""
