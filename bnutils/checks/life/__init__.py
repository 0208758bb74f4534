"""A layer is judged by its life: what it returns from its first batch to its last."""
