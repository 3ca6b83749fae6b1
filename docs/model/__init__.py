"""Pages on the model, and the programs that write two of them."""
