"""The event method: every follicle jumps from event to event, as fast as the machine allows."""
