"""Normalisation layers in NumPy, written as a book writes them.

Everything here computes in float64, takes its mode and its state as arguments and gives the
new state back. It is made to be read and to be compared with, not to be fast: the tests of
this project, and the :mod:`bnutils.checks` of the exercises, take it as their oracle, and it
is itself compared with Keras' layers.

============================  ====================================================
:mod:`.batch`                 batch normalisation in training, and the moments of a batch
:mod:`.backward`              its gradient, in compact and in staged form
:mod:`.inference`             its moving statistics, and the transform with them
:mod:`.folding`               merging a trained layer into the kernel before it
:mod:`.layer`                 layer normalisation
:mod:`.group`                 group and instance normalisation
:mod:`.per_example`           what these three share
:mod:`.rms`                   RMS normalisation
:mod:`.turning`               how a kernel before a normalisation grows and turns
============================  ====================================================

Two meanings of ``axis`` are in use, as in Keras. For batch and group normalisation it names
the axis that is *kept*, the channels, which have one gamma and one beta each. For layer and
RMS normalisation it names the axes that are *averaged over*.
"""

from bnutils.reference.backward import batch_norm_backward, batch_norm_backward_staged
from bnutils.reference.batch import BatchNormCache, batch_norm_train, moments
from bnutils.reference.folding import fold
from bnutils.reference.group import (
    group_norm,
    group_norm_backward,
    instance_norm,
    instance_norm_backward,
)
from bnutils.reference.inference import MovingStatistics, batch_norm_infer, update_moving
from bnutils.reference.layer import layer_norm, layer_norm_backward
from bnutils.reference.per_example import NormCache
from bnutils.reference.rms import RMSCache, rms_norm, rms_norm_backward
from bnutils.reference.turning import turning

__all__ = [
    "BatchNormCache",
    "MovingStatistics",
    "NormCache",
    "RMSCache",
    "batch_norm_backward",
    "batch_norm_backward_staged",
    "batch_norm_infer",
    "batch_norm_train",
    "fold",
    "group_norm",
    "group_norm_backward",
    "instance_norm",
    "instance_norm_backward",
    "layer_norm",
    "layer_norm_backward",
    "moments",
    "rms_norm",
    "rms_norm_backward",
    "turning",
    "update_moving",
]
