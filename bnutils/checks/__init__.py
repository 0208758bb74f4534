"""Is *your* batch normalisation right? Checks for the exercises: hints, never the answer.

Give a check the function that you wrote; it calls it with a few small batches and returns a
:class:`Report`. The report names what it recognises and says where to look::

    >>> def forward(x, gamma, beta, epsilon):
    ...     return gamma * (x - x.mean(axis=0)) / (x.std(axis=0) + epsilon) + beta
    >>> batch_norm_forward(forward)
    batch_norm_forward: 1 thing to look at.
    ...

=============================  =============================================================
:func:`batch_norm_forward`     ``forward(x, gamma, beta, epsilon) -> y``
:func:`batch_norm_inference`   ``inference(x, gamma, beta, moving_mean, moving_variance,
                               epsilon) -> y``
:func:`moving_update`          ``update(moving_mean, moving_variance, x, momentum) ->
                               (moving_mean, moving_variance)``
:func:`batch_norm_backward`    ``backward(dy, x, gamma, epsilon) -> (dx, dgamma, dbeta)``
:func:`batch_norm_convolution` ``convolution(x, gamma, beta, epsilon) -> y``, channels last
:func:`folding`                ``fold(kernel, bias, gamma, beta, moving_mean,
                               moving_variance, epsilon) -> (kernel, bias)``
:func:`batch_norm_layer`       ``factory(features, momentum, epsilon) -> layer``, called as
                               ``layer(x, training=True)``
=============================  =============================================================

The small exercises of the labs on experiments have checks of their functions' names:
:func:`condition_number`, :func:`standardise`, :func:`layers_until`, :func:`half_width`,
:func:`unpaired_half_width`, :func:`seeds_needed`, :func:`updates_of`, :func:`updates_until`,
:func:`noise_of_first`.

Arguments are passed by position; arrays are NumPy arrays. What comes back may be anything
that ``np.asarray`` understands, in any style of writing. A wrong answer raises nothing; in a
test or for a grade call :meth:`Report.require`.
"""

from bnutils.checks.backward import batch_norm_backward
from bnutils.checks.experiments import (
    condition_number,
    layers_until,
    noise_of_first,
    standardise,
    updates_of,
    updates_until,
)
from bnutils.checks.forward import batch_norm_convolution, batch_norm_forward
from bnutils.checks.inference import batch_norm_inference
from bnutils.checks.kernels import folding
from bnutils.checks.layer import batch_norm_layer
from bnutils.checks.moving import moving_update
from bnutils.checks.report import CheckFailed, Mistake, Report
from bnutils.checks.seeds import half_width, seeds_needed, unpaired_half_width

__all__ = [
    "CheckFailed",
    "Mistake",
    "Report",
    "batch_norm_backward",
    "batch_norm_convolution",
    "batch_norm_forward",
    "batch_norm_inference",
    "batch_norm_layer",
    "condition_number",
    "folding",
    "half_width",
    "layers_until",
    "moving_update",
    "noise_of_first",
    "seeds_needed",
    "standardise",
    "unpaired_half_width",
    "updates_of",
    "updates_until",
]
