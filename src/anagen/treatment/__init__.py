"""From an arm, a route and a schedule to clock signals of the follicle model."""
