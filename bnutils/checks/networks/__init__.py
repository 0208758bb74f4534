"""What is done to a whole Keras model: its statistics measured anew, and one step of training."""
