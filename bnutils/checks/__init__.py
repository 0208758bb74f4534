"""Is *your* batch normalisation right? Checks for the exercises: hints, never the answer.

Give a check the function that you wrote; it calls it with a few small batches and returns a
:class:`Report`. The report names what it recognises and says where to look::

    >>> def forward(x, gamma, beta, epsilon):
    ...     return gamma * (x - x.mean(axis=0)) / (x.std(axis=0) + epsilon) + beta
    >>> batch_norm_forward(forward)
    batch_norm_forward: 1 thing to look at.
    ...

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
:func:`batch_norm_convolution_layer`  the same for images, channels last

A whole Keras model is given to two others: :func:`recalibration` checks ``recalibrate(model, x)``,
and :func:`training_step` checks ``train_step(model, optimizer, loss_function, x, y) -> loss``.

On images, channels last, there are :func:`batch_norm_convolution_inference` and
:func:`batch_norm_convolution_backward` with the arguments of their relatives on vectors, and for
a kernel without a bias :func:`folding_without_bias`.

Where a derivation goes wrong is found from its steps: :func:`backward_nodes` and
:func:`forward_nodes` take a function that returns a dictionary of them.

The small exercises of the labs on experiments have checks of their functions' names:
:func:`condition_number`, :func:`standardise`, :func:`layers_until`, :func:`half_width`,
:func:`unpaired_half_width`, :func:`seeds_needed`, :func:`updates_of`, :func:`updates_until`,
:func:`noise_of_first`, :func:`true_variance`, :func:`correction`, :func:`momentum_of_pieces`,
:func:`pooled_statistics`, :func:`one_dissenter`, :func:`trusted`, :func:`fault`,
:func:`effective_rate`, :func:`equivalent_rate`, :func:`angle_between`,
:func:`rates_instead_of_decay`, :func:`updates_to_target`, :func:`variance_shift`,
:func:`running_average`, :func:`within_margin`, :func:`layer_factor`, :func:`residual_growth`,
:func:`stable_rank`, :func:`scaled_step`, :func:`mean_shift`, :func:`kept_activations`,
:func:`updates_at_equal_cost`, :func:`clipped_sum`, :func:`pooled_variance`,
:func:`together_mean`; and :func:`training`, of a whole small network.

Called again, a check that finds the same mistake says more: what the formula lacks, then the place
in the book with a small example. :func:`reset_hints` starts again.

Arguments are passed by position; arrays are NumPy arrays. What comes back may be anything
that ``np.asarray`` understands, in any style of writing. A wrong answer raises nothing; in a
test or for a grade call :meth:`Report.require`.

Code that was written for something else is called in its own manner, and a remark says how:
CS231n's forward pass; tensors of PyTorch, JAX and TensorFlow; layers of Keras, modules of PyTorch
and Flax; vectors (1, D); dictionaries of results; a function that has an epsilon or momentum of
its own. Where the check cannot tell, an adapter does:

:func:`cs231n_forward`,          CS231n's ``batchnorm_forward(x, gamma, beta, bn_param)`` in
:func:`cs231n_inference`,        mode "train" and "test", its moving statistics, and as a
:func:`cs231n_update`,           layer
:func:`cs231n_layer`
:func:`cs231n_backward`          the same with ``batchnorm_backward(dout, cache)``
:func:`channels_first`           images (N, C, H, W)
:func:`features_first`           batches (D, N), vectors (D, 1)
:func:`row_vectors`              vectors (1, D)
:func:`torch_function`,          arguments are that framework's tensors
:func:`jax_function`,
:func:`tensorflow_function`
"""

from bnutils.checks.answers.angles import angle_between
from bnutils.checks.answers.averages import running_average
from bnutils.checks.answers.batch_sizes import noise_of_first, updates_of, updates_until
from bnutils.checks.answers.costs import kept_activations, updates_at_equal_cost
from bnutils.checks.answers.depth import layer_factor, residual_growth, stable_rank
from bnutils.checks.answers.dropping import variance_shift
from bnutils.checks.answers.landscapes import mean_shift, scaled_step
from bnutils.checks.answers.margins import within_margin
from bnutils.checks.answers.mates import clipped_sum, pooled_variance, together_mean
from bnutils.checks.answers.networks import training
from bnutils.checks.answers.pieces import momentum_of_pieces, pooled_statistics
from bnutils.checks.answers.probing import fault
from bnutils.checks.answers.rates import (
    effective_rate,
    equivalent_rate,
    rates_instead_of_decay,
)
from bnutils.checks.answers.scales import condition_number, layers_until, standardise
from bnutils.checks.answers.seeds import half_width, seeds_needed, unpaired_half_width
from bnutils.checks.answers.signs import one_dissenter
from bnutils.checks.answers.small_batches import correction, true_variance
from bnutils.checks.answers.targets import updates_to_target
from bnutils.checks.answers.trusting import trusted
from bnutils.checks.exercises.backward import (
    batch_norm_backward,
    batch_norm_convolution_backward,
)
from bnutils.checks.exercises.forward import batch_norm_convolution, batch_norm_forward
from bnutils.checks.exercises.inference import (
    batch_norm_convolution_inference,
    batch_norm_inference,
)
from bnutils.checks.exercises.kernels import folding, folding_without_bias
from bnutils.checks.exercises.moving import moving_update
from bnutils.checks.fitting.cs231n import (
    cs231n_backward,
    cs231n_forward,
    cs231n_inference,
    cs231n_layer,
    cs231n_update,
)
from bnutils.checks.fitting.transforms import (
    channels_first,
    features_first,
    jax_function,
    row_vectors,
    tensorflow_function,
    torch_function,
)
from bnutils.checks.ladder import reset_hints
from bnutils.checks.life.checking import batch_norm_convolution_layer, batch_norm_layer
from bnutils.checks.networks.recalibrating import recalibration
from bnutils.checks.networks.stepping import training_step
from bnutils.checks.nodes.steps import backward_nodes, forward_nodes
from bnutils.checks.report import CheckFailed, Mistake, Report

__all__ = [
    "CheckFailed",
    "Mistake",
    "Report",
    "angle_between",
    "backward_nodes",
    "batch_norm_backward",
    "batch_norm_convolution",
    "batch_norm_convolution_backward",
    "batch_norm_convolution_inference",
    "batch_norm_convolution_layer",
    "batch_norm_forward",
    "batch_norm_inference",
    "batch_norm_layer",
    "channels_first",
    "clipped_sum",
    "condition_number",
    "correction",
    "cs231n_backward",
    "cs231n_forward",
    "cs231n_inference",
    "cs231n_layer",
    "cs231n_update",
    "effective_rate",
    "equivalent_rate",
    "fault",
    "features_first",
    "folding",
    "folding_without_bias",
    "forward_nodes",
    "half_width",
    "jax_function",
    "kept_activations",
    "layer_factor",
    "layers_until",
    "mean_shift",
    "momentum_of_pieces",
    "moving_update",
    "noise_of_first",
    "one_dissenter",
    "pooled_statistics",
    "pooled_variance",
    "rates_instead_of_decay",
    "recalibration",
    "reset_hints",
    "residual_growth",
    "row_vectors",
    "running_average",
    "scaled_step",
    "seeds_needed",
    "stable_rank",
    "standardise",
    "tensorflow_function",
    "together_mean",
    "torch_function",
    "training",
    "training_step",
    "true_variance",
    "trusted",
    "unpaired_half_width",
    "updates_at_equal_cost",
    "updates_of",
    "updates_to_target",
    "updates_until",
    "variance_shift",
    "within_margin",
]
