"""What a function computes, as a formula: its language, and how it is found from numbers."""
