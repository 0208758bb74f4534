"""Node by node: at which step of the computational graph a derivation first goes wrong."""
