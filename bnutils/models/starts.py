"""Where a training starts: what is drawn at first belongs to a seed and a layer."""

from typing import Any

import numpy as np

from bnutils import layers
from bnutils.models.chain import computing
from bnutils.surroundings import import_keras
from bnutils.utils.validation import at_least

NOISE = 2  # tells the seeds of the noise from those of kernels, and of data order and masks
# Variance of a kernel's entries: the first number over fan-in, or over the mean of fan-in and
# fan-out. All are drawn uniformly, as Keras' default is: of one seed they differ by a factor.
STARTS = {"glorot": (1.0, "fan_avg"), "he": (2.0, "fan_in")}


def start(seed: int, layer: int, initial: str = "glorot", gain: float = 1.0) -> Any:
    """Return an initialiser with a stream that belongs to this seed and layer.

    Parameters
    ----------
    seed : int
        Of the network.
    layer : int
        Number of the layer among those with a kernel, from 0.
    initial : {"glorot", "he"}
        ``"glorot"`` is Keras' default (Glorot and Bengio 2010), ``"he"`` keeps the size of a
        signal through ReLUs (He et al. 2015).
    gain : float
        Factor on the kernel.

    Returns
    -------
    keras.initializers.VarianceScaling
    """
    scale, mode = STARTS[initial]
    make = import_keras().initializers.VarianceScaling
    return make(scale * gain**2, mode, "uniform", seed=_state(seed, layer))


def initial_weights(model: Any, seed: int) -> list[np.ndarray]:
    """Return the weights that ``build`` would give for another seed, without building.

    Keras never gives back all the memory of a model, about 0.3 MB each, which a thousand
    seeds would feel; and drawing is several times as fast.

    Parameters
    ----------
    model : keras.Model
        Built by an architecture of this package and not trained since.
    seed : int
        Of the kernels and of the noise; biases and normalisation start the same for all.

    Returns
    -------
    list of numpy.ndarray
        In the order of ``Model.get_weights``.
    """
    seed = at_least("seed", seed, 0)
    owners = [layer for layer in computing(model) for _ in layer.weights]
    values: list[np.ndarray] = model.get_weights()
    for layer, place in enumerate(_places(model, "kernel")):
        drawn = _reseeded(owners[place].kernel_initializer, _state(seed, layer))
        values[place] = np.asarray(drawn(values[place].shape))
    for layer, place in enumerate(_places(model, "noise_key")):
        values[place] = layers.halves_of(noise_seed(seed, layer))
    return values


def noise_seed(seed: int, layer: int) -> tuple[int, int]:
    """Return two words of 32 bits: the seed of a network's noise behind a normalisation.

    Parameters
    ----------
    seed : int
        Of the network.
    layer : int
        Number of the normalisation, from 0.
    """
    first, second = np.random.SeedSequence([seed, layer, NOISE]).generate_state(2)
    return int(first), int(second)


def _places(model: Any, name: str) -> list[int]:
    """Where the weights of that name stand among the model's."""
    return [place for place, weight in enumerate(model.weights) if weight.name == name]


def _reseeded(initialiser: Any, state: int) -> Any:
    """The same initialiser with another stream."""
    return initialiser.from_config({**initialiser.get_config(), "seed": state})


def _state(seed: int, index: int) -> int:
    """What Keras takes for a seed: one number for this seed and layer."""
    return int(np.random.SeedSequence([seed, index]).generate_state(1)[0]) % 2**31
