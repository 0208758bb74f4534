"""From what layers return to the formulas of what they compute.

First the inference of a layer that was trained for a while is read, with two batches that differ:
what differs comes from the batch, the rest is state. Then the states after each batch of training
are laid side by side, and each is made of the one before it and of the batch. Last comes training.
"""

from collections.abc import Sequence

from bnutils.checks.life.asking import read_inference
from bnutils.checks.life.conditions import refine
from bnutils.checks.life.found import Found
from bnutils.checks.life.judgement import Verdict
from bnutils.checks.life.replays import Replays
from bnutils.checks.life.training import read_training


def estimate(replays: Replays, found: Found) -> None:
    """Find out what a factory's layers compute, from what they return.

    Parameters
    ----------
    replays : Replays
        The layers.
    found : Found
        Where to put it.
    """
    states = read_inference(replays, found)
    read_training(replays, found, states)


def attempt(replays: Replays, verdicts: Sequence[Verdict]) -> tuple[Found, bool]:
    """Find formulas, and say whether they explain everything."""
    found = Found()
    try:
        estimate(replays, found)
        return found, refine(replays, found, verdicts)
    except Exception:  # noqa: BLE001 - a layer may raise in a life that is not one of the script
        return found, False
