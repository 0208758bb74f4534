"""Small exercises of the labs whose result is a number or an array."""
