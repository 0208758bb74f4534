"""The mistakes that are known: one module for each part of the course, one entry for each."""
