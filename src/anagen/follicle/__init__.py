"""The mathematics of hair: one spec, clocks, baseline population, methods, observation."""
