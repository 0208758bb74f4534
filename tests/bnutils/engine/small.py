"""Small networks on a few random images, trained by the engine."""

from collections.abc import Sequence
from inspect import signature
from typing import Any

import numpy as np

from bnutils.models import MLP, ConvNet, ResNet, convnet, import_keras, mlp, resnet
from bnutils.optimizers import Optimizer

keras = import_keras()

from bnutils.engine.loop import WORTH_COMPILING  # noqa: E402
from bnutils.engine.randomness import draws  # noqa: E402
from bnutils.engine.replicas import Replicas  # noqa: E402
from bnutils.engine.schedule import plan  # noqa: E402

ARCHITECTURES: dict[str, MLP | ConvNet | ResNet] = {
    "plain": mlp((16, 12), norm=None, dropout=0.0),
    "batch": mlp((16, 12), norm="batch", dropout=0.0),
    "batch after": mlp(16, norm="batch", dropout=0.0, placement="after", activation="tanh"),
    "layer": mlp(16, norm="layer", dropout=0.0),
    "dropout": mlp((16, 12), norm="batch", dropout=0.5),
    "conv plain": convnet((4, 6)),
    "conv batch": convnet((4, 6), norm="batch"),
    "conv layer": convnet((4, 6), norm="layer"),
    "group": mlp((16, 12), norm="group", groups=2, dropout=0.0, placement="after", bias=False),
    "conv group": convnet((4, 6), norm="group", groups=2, dropout=0.5),
    "conv instance": convnet((4, 6), norm="instance", activation="tanh"),
    "no gamma": mlp((16, 12), norm="batch", affine=False, dropout=0.0),
    "he": mlp((16, 12), norm="batch", dropout=0.5, dropout_at="last", initial="he", gain=0.5),
    "affine": convnet((4, 6), norm="batch", placement="after", bias=False, trained="affine"),
    "head": mlp((16, 12), norm="layer", affine=False, dropout=0.5, gain=3, trained="head"),
    "affine and head": mlp((16, 12), norm="batch", dropout=0.0, trained="affine and head"),
    "hidden": mlp((16, 12), norm="batch", dropout=0.0, trained="hidden"),
    "mean": mlp((16, 12), norm="batch", dropout=0.5, statistics="mean"),
    "conv variance": convnet((4, 6), norm="batch", statistics="variance"),
    "ghost": mlp((16, 12), norm="batch", dropout=0.5, ghost=5),
    "conv ghost": convnet((4, 6), norm="batch", ghost=4),
    "noise": mlp((16, 12), norm="batch", dropout=0.0, noise=0.5),
    "conv noise": convnet((4, 6), norm="batch", placement="after", noise=1),
    "residual": resnet(2, 12, norm="batch", bias=False),
    "skip init": resnet(2, 12, activation="tanh", skip_init=True),
    "residual dropout": resnet(1, 12, norm="layer", dropout=0.5, skip_init=True),
}
if "renorm" in signature(keras.layers.BatchNormalization).parameters:
    # Without bias, whose gradient is rounding that Adam makes a step of, and this layer shows it;
    # and without zeros in front of ReLU's kink, which it leaves where they are at first.
    ARCHITECTURES["renorm"] = mlp((16, 12), norm="renorm", dropout=0.0, bias=False)
    ARCHITECTURES["conv renorm"] = convnet((4, 6), norm="renorm", activation="tanh", bias=False)
if hasattr(keras.layers, "RMSNormalization"):
    ARCHITECTURES["rms"] = mlp((16, 12), norm="rms", dropout=0.0)
    ARCHITECTURES["conv rms"] = convnet((4, 6), norm="rms", placement="after", trained="affine")
SEEDS, EXAMPLES, BATCH, STEPS, SIDE = (5, 2), 56, 16, 12, 8


def images() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    x = rng.normal(0.5, 1, (EXAMPLES, SIDE, SIDE)).astype(np.float32)
    return x, rng.integers(0, 10, EXAMPLES)


def built(architecture: MLP | ConvNet | ResNet, seeds: Sequence[int] = SEEDS) -> list[Any]:
    return [architecture.build((SIDE, SIDE), 10, seed) for seed in seeds]


def replicas(
    architecture: MLP | ConvNet | ResNet,
    compiled: bool,
    seeds: Sequence[int] = SEEDS,
    optimizer: str = "adam",
) -> Replicas:
    models = built(architecture, seeds)
    networks = Replicas(models[0], len(models), Optimizer(optimizer), *images())
    networks.begin([model.get_weights() for model in models])
    networks.prepare(EXAMPLES // BATCH, BATCH, WORTH_COMPILING if compiled else 1)
    return networks


def drawn(networks: Replicas, seeds: Sequence[int] = SEEDS) -> list[Any]:
    pieces = plan(EXAMPLES, BATCH, [STEPS], EXAMPLES // BATCH)
    return list(draws(seeds, pieces, EXAMPLES, networks.mask_shapes()))


def trained(networks: Replicas, seeds: Sequence[int] = SEEDS) -> np.ndarray:
    """Train on the images; the losses, shape (steps, R)."""
    return np.concatenate([networks.run(*which)[0] for _, *which in drawn(networks, seeds)])
