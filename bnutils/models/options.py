"""What the descriptions leave as it is unless told otherwise, and how they print."""

from collections.abc import Sequence
from dataclasses import MISSING, dataclass, fields

from bnutils.models.learning import TRAINED
from bnutils.models.norms import GROUPS, STATISTICS
from bnutils.models.starts import STARTS
from bnutils.utils.validation import at_least, flag, not_negative, positive, settle, settle_choices
from bnutils.utils.wording import shown

ACTIVATIONS = ("relu", "tanh", "sigmoid", "linear")
PLACEMENTS = ("before", "after")
DROPOUT_AT = ("every", "last")
GAINS = (1e-9, 1e9)
LOUDEST = 1000.0


@dataclass(frozen=True, repr=False, kw_only=True)
class Options:
    """Options that all networks have; :func:`bnutils.mlp` says what each means."""

    affine: bool = True
    groups: int = GROUPS
    bias: bool = True
    initial: str = "glorot"
    gain: float = 1.0
    dropout_at: str = "every"
    trained: str = "all"
    statistics: str = "both"
    noise: float = 0.0
    ghost: int | None = None

    def __repr__(self) -> str:
        """The call that makes it; of what has a default only what differs from that.

        Runs and records are filed under this text: an option that is added with a default
        leaves the text of all others as it was.
        """
        parts = sorted(fields(self), key=lambda part: part.default is not MISSING)
        given = [(part, getattr(self, part.name)) for part in parts]
        told = [f"{part.name}={value!r}" for part, value in given if value != part.default]
        return f"{type(self).__qualname__}({', '.join(told)})"

    def settle_options(self) -> None:
        """Check each option by itself."""
        settle(
            self,
            affine=flag("affine", self.affine),
            groups=at_least("groups", self.groups, 1),
            bias=flag("bias", self.bias),
            gain=_gain(self.gain),
            noise=_noise(self.noise),
        )
        settle_choices(
            self, initial=STARTS, dropout_at=DROPOUT_AT, trained=TRAINED, statistics=STATISTICS
        )


def _gain(value: object) -> float:
    """The factor, if its square and the kernels are numbers still."""
    least, most = GAINS
    gain = positive("gain", value)
    if not least <= gain <= most:
        raise ValueError(f"gain must be between {least:g} and {most:g}; received {shown(value)}.")
    return gain


def _noise(value: object) -> float:
    """The size of the noise, if it stays a number when it is added up."""
    noise = not_negative("noise", value)
    if noise > LOUDEST:
        raise ValueError(
            f"noise must be at most {LOUDEST:g}, {LOUDEST:g} times what a normalisation puts out; "
            f"received {shown(value)}. Take less, such as 0.5."
        )
    return noise


def require_normalised(noise: float, norm: str | None) -> None:
    """Raise ``ValueError`` if there is no normalisation to put the noise behind."""
    if noise and norm is None:
        raise ValueError(
            f"noise must stand behind a normalisation; received {noise!r} with norm=None. Give a "
            "norm, or leave noise out."
        )


def require_learners(trained: str, norm: str | None, affine: bool, widths: Sequence[int]) -> None:
    """Raise ``ValueError`` if what is to be trained is not there."""
    received = f"trained={trained!r} with norm={norm!r}, affine={affine} and {len(widths)}"
    if "affine" in trained and not (norm and affine and widths):
        raise ValueError(
            "What is trained must be there: 'affine' needs hidden layers with a normalisation "
            f"that has gamma and beta; received {received} hidden layers. Give a norm and leave "
            "affine True, or train 'all', 'head' or 'hidden'."
        )
    if trained == "hidden" and not widths:
        raise ValueError(
            f"What is trained must be there: 'hidden' needs hidden layers; received {received} "
            "hidden layers. Add one, or train 'all' or 'head'."
        )
