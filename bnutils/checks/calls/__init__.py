"""Calling a student's function: safely, in whatever style it is written."""
