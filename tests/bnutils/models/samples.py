"""Descriptions of all kinds."""

from inspect import signature

from hypothesis import strategies as st

from bnutils.models import (
    MLP,
    STARTS,
    STATISTICS,
    ConvNet,
    ResNet,
    convnet,
    import_keras,
    mlp,
    resnet,
)

HAS_RENORM = "renorm" in signature(import_keras().layers.BatchNormalization).parameters
HAS_RMS = hasattr(import_keras().layers, "RMSNormalization")
ARCHITECTURES: dict[str, MLP | ConvNet | ResNet] = {
    "plain": mlp((16, 12)),
    "batch": mlp((16, 12), norm="batch"),
    "layer after": mlp(16, norm="layer", placement="after"),
    "group, no bias": mlp((16, 12), norm="group", groups=2, bias=False),
    "no hidden layer": mlp((), trained="head"),
    "no gamma, no beta": mlp((16, 12), norm="batch", affine=False, trained="hidden"),
    "he": mlp((16, 12), initial="he", gain=0.25),
    "convolutions": convnet((4, 6), norm="batch"),
    "instance": convnet((4, 6), norm="instance", dropout=0.5, dropout_at="last"),
    "convolutions after": convnet((4, 6), norm="group", placement="after", gain=3, groups=1),
    "affine": convnet((4, 6), norm="batch", trained="affine"),
    "affine and head": mlp((16, 12), norm="layer", trained="affine and head"),
    "mean": mlp((16, 12), norm="batch", statistics="mean"),
    "variance": mlp((16, 12), norm="batch", statistics="variance"),
    "ghost": mlp((16, 12), norm="batch", ghost=8),
    "noise": mlp((16, 12), norm="batch", noise=0.5),
    "noisy convolutions": convnet((4, 6), norm="layer", noise=1),
    "residual": resnet(2, 8),
    "residual, batch": resnet(2, 8, "batch", "tanh", noise=0.5, dropout=0.1),
    "skip init": resnet(3, 8, skip_init=True),
    **({"renorm": mlp((16, 12), norm="renorm")} if HAS_RENORM else {}),
    **({"rms": mlp((16, 12), norm="rms")} if HAS_RMS else {}),
}
CHANGES = {
    "affine": st.booleans(),
    "groups": st.sampled_from([1, 2, 4]),
    "bias": st.booleans(),
    "initial": st.sampled_from(list(STARTS)),
    "gain": st.floats(1e-9, 1e9),
    "dropout_at": st.sampled_from(["every", "last"]),
    "trained": st.sampled_from(["all", "head", "hidden"]),
    "statistics": st.sampled_from(STATISTICS),
    "noise": st.floats(0, 1000),
}
OPTIONS = st.fixed_dictionaries({}, optional=CHANGES)
