"""What an arm of a new trial would report: true change, care, trial and chance together."""
