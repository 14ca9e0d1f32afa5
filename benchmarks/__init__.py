"""How fast the model is, and next to what: `make bench`."""
