"""What the package knows of an architecture, its own or a user's."""

from bnutils.models.convolutional import ConvNet
from bnutils.models.network import Network
from bnutils.models.perceptron import MLP
from bnutils.models.residual import ResNet


def is_described(architecture: object) -> bool:
    """Whether an architecture is one of this package's, and not of the user's own.

    Those are named by their repr, start from kernels drawn as here, and use no global random
    state. Of a subclass none of this is known.

    Parameters
    ----------
    architecture : object
        What an arm is given as.

    Returns
    -------
    bool
    """
    return type(architecture) in (MLP, ConvNet, ResNet)


def require_mates(architecture: object, shape: tuple[int, ...], examples: int) -> None:
    """Raise ``ValueError`` if batches leave a batch normalisation of this package one number.

    Parameters
    ----------
    architecture : object
        What an arm is given as.
    shape : tuple of int
        Of one example.
    examples : int
        Of a batch.
    """
    if isinstance(architecture, Network):
        architecture.require_batch(shape, examples)


def require_images(architecture: object, shape: tuple[int, ...]) -> None:
    """Raise ``ValueError`` if an architecture of this package cannot take examples of a shape.

    It may convolve what is no image, or have a normalisation that images so small leave one
    number to.
    """
    if isinstance(architecture, Network):
        architecture.require_shape(shape)
