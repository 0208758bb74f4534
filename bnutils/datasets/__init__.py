"""Handwritten digits for every lab, with a network or without.

====================  ==================================================================
:mod:`.dataset`       images and labels in three splits, with a checksum
:mod:`.splits`        images of all parts dealt anew
:mod:`.arrays`        whether a network can be trained on them
:mod:`.loading`       which data set a name means, and what to take offline
:mod:`.digits`        the digits that scikit-learn ships, 8x8 and made 28x28
:mod:`.mnist`         where MNIST may be, and whether what is there is MNIST
:mod:`.download`      a file from the network, or an end to the waiting
====================  ==================================================================
"""

from bnutils.datasets.dataset import Dataset
from bnutils.datasets.loading import NAMES, load

__all__ = ["NAMES", "Dataset", "load"]
