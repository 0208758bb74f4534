"""Small programs that the project needs and its readers do not."""
