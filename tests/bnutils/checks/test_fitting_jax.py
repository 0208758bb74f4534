"""JAX's functions, jitted or not, and Flax's modules, old and new."""

from bnutils import checks
from tests.bnutils.checks.fits import framework, lives, remarked

jax = framework("jax")
linen, nnx = framework("flax.linen"), framework("flax.nnx")
jnp = jax.numpy


# ---- functions --------------------------------------------------------------------------
def transform(x, gamma, beta, epsilon):
    mean, variance = jnp.mean(x, axis=0), jnp.var(x, axis=0)
    return gamma * (x - mean) * jax.lax.rsqrt(variance + epsilon) + beta


def gradients(dy, x, gamma, epsilon):
    def forward(x, gamma, beta):
        return transform(x, gamma, beta, epsilon)

    _, backward = jax.vjp(forward, x, gamma, jnp.zeros_like(gamma))
    return backward(dy)


def test_functions_are_given_arrays_of_their_own():
    for function in (transform, jax.jit(transform), checks.jax_function(transform)):
        report = checks.batch_norm_forward(function)
        assert report.passed, str(report)
    remarked(checks.batch_norm_forward(transform), "given as JAX's arrays")


def test_gradients_come_from_jax():
    for function in (gradients, jax.jit(gradients)):
        report = checks.batch_norm_backward(function)
        assert report.passed, str(report)


def test_what_only_jaxs_arrays_have_is_found():
    def updated(x, gamma, beta, epsilon):
        y = x.astype(float).at[:].add(-x.mean(0))
        return gamma * y / (x.var(0) + epsilon) ** 0.5 + beta

    remarked(checks.batch_norm_forward(updated), "given as JAX's arrays")


def test_a_wrong_one_is_told_what_is_wrong():
    def sample(x, gamma, beta, epsilon):
        return gamma * (x - x.mean(0)) / jnp.sqrt(x.var(0, ddof=1) + epsilon) + beta

    assert checks.batch_norm_forward(sample).names == ("sample-variance",)


# ---- modules ----------------------------------------------------------------------------
class Wrapped(linen.Module):
    momentum: float = 0.9
    epsilon: float = 1e-5

    @linen.compact
    def __call__(self, x, train: bool):
        own = linen.BatchNorm(not train, momentum=self.momentum, epsilon=self.epsilon)
        return own(x)


class ByField(linen.Module):
    """Is told when it is made, and keeps its statistics itself."""

    momentum: float
    epsilon: float
    training: bool = False

    @linen.compact
    def __call__(self, x):
        shape = x.shape[-1:]
        gamma = self.param("gamma", linen.initializers.ones, shape)
        beta = self.param("beta", linen.initializers.zeros, shape)
        mean = self.variable("batch_stats", "mean", jnp.zeros, shape)
        var = self.variable("batch_stats", "var", jnp.ones, shape)
        now = mean.value, var.value
        if self.training:
            now = x.mean(0), x.var(0)
            kept = self.momentum
            mean.value = kept * mean.value + (1 - kept) * now[0]
            var.value = kept * var.value + (1 - kept) * now[1]
        return gamma * (x - now[0]) / jnp.sqrt(now[1] + self.epsilon) + beta


class Normalised(nnx.Module):
    def __init__(self, features, momentum, epsilon, rngs):
        self.inner = nnx.BatchNorm(features, momentum=momentum, epsilon=epsilon, rngs=rngs)

    def __call__(self, x):
        return self.inner(x)


def test_linens_modules_keep_their_variables():
    lives(linen.BatchNorm, "BatchNorm(momentum=momentum, epsilon=epsilon)")
    lives(linen.BatchNorm, images=True)
    lives(Wrapped, "module.apply(variables, x)")
    lives(ByField)
    lives(lambda features, momentum, epsilon: ByField(momentum, epsilon))


def test_nnxs_modules_are_given_random_numbers():
    lives(nnx.BatchNorm, "layer(x, use_running_average=False)")
    lives(nnx.BatchNorm, images=True)
    lives(Normalised, "layer.train(); layer(x)")


def test_flaxs_own_layer_passes_the_check_of_layers_with_a_word_about_its_variance():
    remarked(checks.batch_norm_layer(linen.BatchNorm), "use_fast_variance=False")
