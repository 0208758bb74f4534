"""The engine: many seeds of one architecture trained as one program, or one after the other.

Nothing is loaded before it is asked for: the modules that compute need TensorFlow.

======================  ================================================================
:mod:`.groups`          where it begins: seeds in groups that fit a stated memory
:mod:`.trainer`         the training loop, from a group's first update to its last
:mod:`.replicas`        R networks side by side, their weights stacked
:mod:`.loop`            many steps as one compiled program
:mod:`.layers`          one rule for each kind of layer, Keras' own and ours
:mod:`.normalisation`   the rules that take means, and over which axes
:mod:`.convolution`     a convolution as one matrix product
:mod:`.axes`            how replicas lie
:mod:`.keras_fit`       the plain way: ``fit``, one seed after the other
:mod:`.schedule`        a training cut into pieces
:mod:`.randomness`      data order and dropout masks that belong to a seed
:mod:`.rows`            which examples are a network's own
:mod:`.recorder`        from steps to runs
:mod:`.network`         the networks as functions of their weights
:mod:`.readings`        what the probes usually read of them
:mod:`.outputs`         how saturated outputs are, and in how many directions they lie
:mod:`.shifts`          by how much inputs and gradients shift, in two senses
:mod:`.reader`          reads all that, and how a moment differs from the one before
:mod:`.angles`          how far an update turns them
:mod:`.programs`        programs that several arms share
:mod:`.given`           networks with given weights: scored, recalibrated
:mod:`.memory`          how many replicas fit
:mod:`.examples`        all images, once for all arms
:mod:`.threads`         trainings side by side, one a core
======================  ================================================================
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__, submodules=["groups", "keras_fit", "replicas"]
)
