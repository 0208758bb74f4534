"""Making everybody's code fit: what it is called with, by which names, in whose arrays."""
