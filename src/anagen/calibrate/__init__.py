"""Learning the model's parameters from published trials. Needs `pip install anagen[calibrate]`."""
