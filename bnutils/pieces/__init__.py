"""A batch that is worked through in pieces: one after the other, or on several devices at once.

======================  ================================================================
:mod:`.accumulating`    gradients of pieces, added up: is that the gradient of the batch?
:mod:`.devices`         batch normalisation on several devices, with and without exchange
:mod:`.replicas`        what those devices compute
:mod:`.processes`       a process of its own, since devices are chosen before TensorFlow starts
======================  ================================================================
"""

from bnutils.pieces.accumulating import STATISTICS, accumulated_gradients
from bnutils.pieces.devices import OnDevices, Replicas, on_devices

__all__ = ["STATISTICS", "OnDevices", "Replicas", "accumulated_gradients", "on_devices"]
