"""Charts of a forecast as specifications, drawn to SVG."""
