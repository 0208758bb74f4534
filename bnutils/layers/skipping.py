"""SkipInit: residual branches that are skipped at first."""

from typing import Any

from bnutils.surroundings import import_keras

keras = import_keras()


class SkipInit(keras.layers.Layer):  # type: ignore[misc, name-defined]
    """y = alpha x, with one learned number alpha that starts at 0.

    At the end of a residual branch it makes the block the identity at first (De and Smith 2020,
    "Batch normalization biases residual blocks towards the identity function in deep networks").
    """

    def build(self, input_shape: Any) -> None:
        """Make alpha, a scalar."""
        self.alpha = self.add_weight((), "zeros", name="alpha")

    def call(self, inputs: Any) -> Any:
        """Multiply."""
        return self.alpha * inputs
