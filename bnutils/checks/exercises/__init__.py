"""One module for each exercise: its right results, and what can be wrong with them."""
