"""Small Keras networks that differ in their normalisation, and in how they are trained with it.

A function such as :func:`mlp` returns a description; ``description.build(...)`` makes the
Keras model. Descriptions compare by value and print as the call that makes them, so a result
can be filed under the architecture that produced it, without loading Keras.

======================  ================================================================
:mod:`.perceptron`      multilayer perceptrons
:mod:`.convolutional`   convolutional networks
:mod:`.residual`        residual networks
:mod:`.network`         how all are built, layer by layer
:mod:`.chain`           how their layers hang together
:mod:`.options`         what all leave as it is unless told otherwise, and how they print
:mod:`.norms`           the normalisation layers, and where they make no sense
:mod:`.starts`          initial kernels, and seeds of noise, that belong to a seed and a layer
:mod:`.learning`        which weights learn
:mod:`.known`           what the package knows of an architecture
======================  ================================================================
"""

from bnutils.models.convolutional import ConvNet, convnet
from bnutils.models.known import is_described, require_images, require_mates
from bnutils.models.learning import TRAINED
from bnutils.models.norms import NORMS, STATISTICS, normalisation
from bnutils.models.options import ACTIVATIONS, PLACEMENTS
from bnutils.models.perceptron import MLP, mlp
from bnutils.models.residual import ResNet, resnet
from bnutils.models.starts import STARTS, initial_weights
from bnutils.surroundings import import_keras

__all__ = [
    "ACTIVATIONS",
    "MLP",
    "NORMS",
    "PLACEMENTS",
    "STARTS",
    "STATISTICS",
    "TRAINED",
    "ConvNet",
    "ResNet",
    "convnet",
    "import_keras",
    "initial_weights",
    "is_described",
    "mlp",
    "normalisation",
    "require_images",
    "require_mates",
    "resnet",
]
