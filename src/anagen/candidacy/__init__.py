"""Whether the listed reasons for or against a treatment apply to a person."""
