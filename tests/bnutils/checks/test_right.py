"""Right implementations in many styles: every check lets every one of them pass."""

import math

import numpy as np
import pytest

from bnutils import checks, reference

# Forward, on vectors


def by_the_book(x, gamma, beta, epsilon):
    mean = x.mean(axis=0)
    variance = x.var(axis=0)
    x_hat = (x - mean) / np.sqrt(variance + epsilon)
    return gamma * x_hat + beta


def with_plain_loops_and_lists(x, gamma, beta, epsilon):
    count, features = len(x), len(x[0])
    y = [[0.0] * features for _ in range(count)]
    for j in range(features):
        column = [float(row[j]) for row in x]
        mean = sum(column) / count
        variance = sum((value - mean) ** 2 for value in column) / count
        for i in range(count):
            y[i][j] = gamma[j] * (column[i] - mean) / math.sqrt(variance + epsilon) + beta[j]
    return y


def with_einsum_and_broadcasting(x, gamma, beta, epsilon):
    centred = x - np.einsum("ij->j", x) / x.shape[0]
    variance = np.einsum("ij,ij->j", centred, centred) / x.shape[0]
    return np.einsum("ij,j->ij", centred, gamma * (variance + epsilon) ** -0.5) + beta[None, :]


def with_a_centring_matrix(x, gamma, beta, epsilon):
    count = len(x)
    centring = np.eye(count) - np.ones((count, count)) / count
    centred = centring @ (x - x[0])
    return centred * (gamma / np.sqrt(np.diag(centred.T @ centred) / count + epsilon)) + beta


def with_running_sums(x, gamma, beta, epsilon):
    mean, squares = np.zeros(x.shape[1]), np.zeros(x.shape[1])
    for count, row in enumerate(np.asarray(x, dtype=np.float64), start=1):
        step = row - mean
        mean = mean + step / count
        squares = squares + step * (row - mean)
    return (x - mean) / np.sqrt(squares / len(x) + epsilon) * gamma + beta


def with_keepdims_and_a_cache(x, gamma, beta, epsilon):
    mean = np.mean(x, axis=0, keepdims=True)
    std = np.sqrt(np.mean((x - mean) ** 2, axis=0, keepdims=True) + epsilon)
    x_hat = (x - mean) / std
    return gamma * x_hat + beta, (x_hat, std)


def as_one_affine_map(x, gamma, beta, epsilon):
    shift = x[0].astype(np.float64)
    scale = gamma / np.sqrt(np.var(x - shift, axis=0) + epsilon)
    return (x - shift) * scale + (beta - scale * np.mean(x - shift, axis=0))


def features_first(x, gamma, beta, epsilon):
    rows = [
        g * (row - row.mean()) / np.hypot(row.std(), math.sqrt(epsilon)) + b
        for row, g, b in zip(x.T, gamma, beta, strict=True)
    ]
    return np.stack(rows, axis=1)


def refusing_integers(x, gamma, beta, epsilon):
    if not np.issubdtype(x.dtype, np.floating):
        raise TypeError("floats only")
    return by_the_book(x, gamma, beta, epsilon)


def in_extended_precision(x, gamma, beta, epsilon):
    return by_the_book(x.astype(np.longdouble), gamma, beta, epsilon)


def in_place_on_a_copy(x, gamma, beta, epsilon):
    y = np.array(x, dtype=np.float64)
    y -= y.mean(axis=0)
    y /= np.sqrt((y**2).mean(axis=0) + epsilon)
    y *= gamma
    y += beta
    return y


class OtherTensor:
    """Stands for the tensors of a framework: NumPy can read it, and that is all."""

    def __init__(self, values):
        self.values = values

    def __array__(self, dtype=None, copy=None):
        return np.array(self.values, dtype=dtype)


def as_a_tensor(x, gamma, beta, epsilon):
    return OtherTensor(by_the_book(x, gamma, beta, epsilon))


class CallableObject:
    def __call__(self, x, gamma, beta, epsilon):
        return reference.batch_norm_train(x, gamma, beta, epsilon=epsilon)[0]


FORWARD = [
    by_the_book,
    with_plain_loops_and_lists,
    with_einsum_and_broadcasting,
    with_a_centring_matrix,
    with_running_sums,
    with_keepdims_and_a_cache,
    as_one_affine_map,
    features_first,
    refusing_integers,
    in_extended_precision,
    in_place_on_a_copy,
    as_a_tensor,
    CallableObject(),
]

# Inference


def inferred_by_the_book(x, gamma, beta, moving_mean, moving_variance, epsilon):
    return gamma * (x - moving_mean) / np.sqrt(moving_variance + epsilon) + beta


def inferred_as_an_affine_map(x, gamma, beta, mean, variance, epsilon):
    scale = gamma * (variance + epsilon) ** -0.5
    return x * scale + (beta - mean * scale)


def inferred_one_by_one(x, gamma, beta, mean, variance, epsilon):
    return [list(inferred_by_the_book(row, gamma, beta, mean, variance, epsilon)) for row in x]


def inferred_with_a_diagonal_matrix(x, gamma, beta, mean, variance, epsilon):
    return (x - mean) @ np.diag(gamma / np.sqrt(variance + epsilon)) + beta


def inferred_as_a_tensor(*arguments):
    return OtherTensor(inferred_by_the_book(*arguments))


def inferred_with_out(x, gamma, beta, mean, variance, epsilon):
    y = np.subtract(x, mean)
    np.divide(y, np.sqrt(variance + epsilon), out=y)
    return np.add(np.multiply(y, gamma, out=y), beta, out=y)


INFERENCE = [
    inferred_by_the_book,
    inferred_as_an_affine_map,
    inferred_one_by_one,
    inferred_with_a_diagonal_matrix,
    inferred_as_a_tensor,
    inferred_with_out,
]

# Moving statistics


def updated_by_the_book(moving_mean, moving_variance, x, momentum):
    moving_mean = momentum * moving_mean + (1 - momentum) * x.mean(axis=0)
    moving_variance = momentum * moving_variance + (1 - momentum) * x.var(axis=0)
    return moving_mean, moving_variance


def updated_by_a_step(mean, variance, x, momentum):
    rate = 1 - momentum
    return [mean + rate * (x.mean(0) - mean), variance - rate * (variance - x.var(0))]


def updated_as_one_array(mean, variance, x, momentum):
    old, new = np.stack([mean, variance]), np.stack([x.mean(axis=0), x.var(axis=0)])
    return momentum * old + (1 - momentum) * new


def updated_by_np_average(mean, variance, x, momentum):
    pairs = ((mean, x.mean(axis=0)), (variance, x.var(axis=0)))
    weights = [momentum, 1 - momentum]
    return tuple(np.average(pair, axis=0, weights=weights) for pair in pairs)


def updated_in_lists(mean, variance, x, momentum):
    new = updated_by_the_book(mean, variance, x, momentum)
    return [one.tolist() for one in new]


def updated_as_tensors(*arguments):
    return tuple(OtherTensor(one) for one in updated_by_the_book(*arguments))


UPDATE = [
    updated_by_the_book,
    updated_by_a_step,
    updated_as_one_array,
    updated_by_np_average,
    updated_in_lists,
    updated_as_tensors,
]

# Backward


def compact(dy, x, gamma, epsilon):
    std = np.sqrt(x.var(axis=0) + epsilon)
    x_hat = (x - x.mean(axis=0)) / std
    dgamma, dbeta = (dy * x_hat).sum(axis=0), dy.sum(axis=0)
    dx = gamma / std * (dy - dy.mean(axis=0) - x_hat * (dy * x_hat).mean(axis=0))
    return dx, dgamma, dbeta


def multiplied_out(dy, x, gamma, epsilon):
    count = len(x)
    inverse = (x.var(axis=0) + epsilon) ** -0.5
    x_hat = (x - x.mean(axis=0)) * inverse
    dbeta, dgamma = np.ones(count) @ dy, np.einsum("ij,ij->j", dy, x_hat)
    return [gamma * inverse / count * (count * dy - dbeta - x_hat * dgamma), dgamma, dbeta]


def in_stages(dy, x, gamma, epsilon):
    count = len(x)
    centred = x - x.mean(axis=0)
    variance = (centred**2).mean(axis=0)
    root = np.sqrt(variance + epsilon)
    inverse = 1 / root
    dx_hat = dy * gamma
    dinverse = (dx_hat * centred).sum(axis=0)
    droot = -dinverse / root**2
    dvariance = droot / (2 * root)
    dcentred = dx_hat * inverse + dvariance * np.ones_like(x) / count * 2 * centred
    dx = dcentred - dcentred.sum(axis=0) / count
    return dx, (dy * centred * inverse).sum(axis=0), dy.sum(axis=0)


def by_the_jacobian(dy, x, gamma, epsilon):
    count = len(x)
    std = np.sqrt(x.var(axis=0) + epsilon)
    x_hat = (x - x.mean(axis=0)) / std
    outer = x_hat[:, None, :] * x_hat[None, :, :]
    jacobian = (np.eye(count)[:, :, None] - (1 + outer) / count) * gamma / std
    dx = np.einsum("ijd,id->jd", jacobian, dy)
    return dx, np.sum(dy * x_hat, 0), np.sum(dy, 0)


def column_by_column(dy, x, gamma, epsilon):
    columns = [compact(dy[:, [j]], x[:, [j]], gamma[[j]], epsilon) for j in range(x.shape[1])]
    return (
        np.concatenate([one for one, _, _ in columns], axis=1).tolist(),
        [float(one[0]) for _, one, _ in columns],
        [float(one[0]) for _, _, one in columns],
    )


def by_the_reference(dy, x, gamma, epsilon):
    _, cache = reference.batch_norm_train(x, gamma, None, epsilon=epsilon)
    return reference.batch_norm_backward_staged(dy, cache)


BACKWARD = [
    compact,
    multiplied_out,
    in_stages,
    by_the_jacobian,
    column_by_column,
    by_the_reference,
]

# Convolution


def over_three_axes(x, gamma, beta, epsilon):
    mean, variance = x.mean(axis=(0, 1, 2)), x.var(axis=(0, 1, 2))
    return gamma * (x - mean) / np.sqrt(variance + epsilon) + beta


def flattened_to_vectors(x, gamma, beta, epsilon):
    return by_the_book(x.reshape(-1, x.shape[-1]), gamma, beta, epsilon).reshape(x.shape)


def channel_by_channel(x, gamma, beta, epsilon):
    y = np.empty(x.shape)
    for c in range(x.shape[3]):
        one = x[..., c]
        y[..., c] = gamma[c] * (one - one.mean()) / (one.var() + epsilon) ** 0.5 + beta[c]
    return y


def channels_first_inside(x, gamma, beta, epsilon):
    moved = np.moveaxis(x, -1, 1)
    centred = moved - moved.mean(axis=(0, 2, 3), keepdims=True)
    std = np.sqrt((centred**2).mean(axis=(0, 2, 3), keepdims=True) + epsilon)
    y = gamma[:, None, None] * centred / std + beta[:, None, None]
    return np.moveaxis(y, 1, -1)


def channels_as_vectors_in_lists(x, gamma, beta, epsilon):
    return over_three_axes(x, gamma, beta, epsilon).tolist()


def convolution_by_the_reference(x, gamma, beta, epsilon):
    return reference.batch_norm_train(x, gamma, beta, epsilon=epsilon)


CONVOLUTION = [
    over_three_axes,
    flattened_to_vectors,
    channel_by_channel,
    channels_first_inside,
    channels_as_vectors_in_lists,
    convolution_by_the_reference,
]

# Folding


def folded_by_the_book(kernel, bias, gamma, beta, mean, variance, epsilon):
    scale = gamma / np.sqrt(variance + epsilon)
    return kernel * scale, (bias - mean) * scale + beta


def folded_with_einsum(kernel, bias, gamma, beta, mean, variance, epsilon):
    scale = gamma * (variance + epsilon) ** -0.5
    return np.einsum("...c,c->...c", kernel, scale), scale * bias + (beta - scale * mean)


def folded_with_a_matrix(kernel, bias, gamma, beta, mean, variance, epsilon):
    matrix = np.diag(gamma / np.sqrt(variance + epsilon))
    return [kernel @ matrix, (bias - mean) @ matrix + beta]


def folded_channel_by_channel(kernel, bias, gamma, beta, mean, variance, epsilon):
    new_kernel, new_bias = kernel.copy(), bias.copy()
    for c in range(len(bias)):
        scale = gamma[c] / math.sqrt(variance[c] + epsilon)
        new_kernel[..., c] *= scale
        new_bias[c] = scale * (bias[c] - mean[c]) + beta[c]
    return new_kernel, new_bias


def folded_by_probing(kernel, bias, *normalisation):
    """The bias is what the layer makes of zeros, the kernel what it adds for ones."""
    new_bias = inferred_by_the_book(bias, *normalisation)
    slope = inferred_by_the_book(bias + 1, *normalisation) - new_bias
    return kernel * slope, new_bias


def folded_by_the_reference(*arguments):
    return reference.fold(*arguments)


FOLDING = [
    folded_by_the_book,
    folded_with_einsum,
    folded_with_a_matrix,
    folded_channel_by_channel,
    folded_by_probing,
    folded_by_the_reference,
]

# Layers


class Layer:
    def __init__(self, features, momentum, epsilon):
        self.gamma, self.beta = np.ones(features), np.zeros(features)
        self.moving_mean, self.moving_variance = np.zeros(features), np.ones(features)
        self.momentum, self.epsilon = momentum, epsilon

    def __call__(self, x, training):
        if training:
            mean, variance = x.mean(axis=0), x.var(axis=0)
            self.update(mean, variance)
        else:
            mean, variance = self.moving_mean, self.moving_variance
        return self.gamma * (x - mean) / np.sqrt(variance + self.epsilon) + self.beta

    def update(self, mean, variance):
        kept = self.momentum
        self.moving_mean = kept * self.moving_mean + (1 - kept) * mean
        self.moving_variance = kept * self.moving_variance + (1 - kept) * variance


class LayerUpdatingInPlace(Layer):
    def update(self, mean, variance):
        self.moving_mean += (1 - self.momentum) * (mean - self.moving_mean)
        self.moving_variance += (1 - self.momentum) * (variance - self.moving_variance)


class LayerOfTheReference:
    def __init__(self, features, momentum, epsilon):
        self.state = reference.MovingStatistics.initial(features)
        self.momentum, self.epsilon = momentum, epsilon

    def __call__(self, x, training=False):
        if not training:
            mean, variance = self.state.mean, self.state.variance
            return reference.batch_norm_infer(x, None, None, mean, variance, epsilon=self.epsilon)
        y, cache = reference.batch_norm_train(x, None, None, epsilon=self.epsilon)
        self.state = self.state.updated(cache.mean, cache.variance, self.momentum)
        return y


class LayerWithSeparateMethods(Layer):
    def __call__(self, x, *, training):
        return (self.train if training else self.infer)(x).tolist()

    def train(self, x):
        mean, variance = x.mean(axis=0), x.var(axis=0)
        self.update(mean, variance)
        return (x - mean) / np.sqrt(variance + self.epsilon)

    def infer(self, x):
        return (x - self.moving_mean) / np.sqrt(self.moving_variance + self.epsilon)


def layer_as_a_closure(features, momentum, epsilon):
    state = {"mean": np.zeros(features), "variance": np.ones(features)}

    def layer(x, training):
        batch = {"mean": x.mean(axis=0), "variance": x.var(axis=0)}
        if training:
            for name, new in batch.items():
                state[name] = momentum * state[name] + (1 - momentum) * new
        used = batch if training else state
        return (x - used["mean"]) / np.sqrt(used["variance"] + epsilon)

    return layer


class LayerWithHistory(Layer):
    """Keeps all batches and averages them only when they are needed."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.history = []

    def update(self, mean, variance):
        self.history.append((mean, variance))

    def __call__(self, x, training):
        if not training:
            for mean, variance in self.history:
                super().update(mean, variance)
            self.history.clear()
        return super().__call__(x, training)


LAYERS = [
    Layer,
    LayerUpdatingInPlace,
    LayerOfTheReference,
    LayerWithSeparateMethods,
    layer_as_a_closure,
    LayerWithHistory,
]


def cases():
    table = {
        checks.batch_norm_forward: FORWARD,
        checks.batch_norm_inference: INFERENCE,
        checks.moving_update: UPDATE,
        checks.batch_norm_backward: BACKWARD,
        checks.batch_norm_convolution: CONVOLUTION,
        checks.folding: FOLDING,
        checks.batch_norm_layer: LAYERS,
    }
    for check, functions in table.items():
        for function in functions:
            name = getattr(function, "__name__", type(function).__name__)
            yield pytest.param(check, function, id=f"{check.__name__}-{name}")


@pytest.mark.parametrize(("check", "function"), list(cases()))
def test_a_right_implementation_of_any_style_passes(check, function):
    report = check(function)
    assert report.passed, str(report)
    assert report.require() is report
    assert "right in all" in repr(report)


def test_the_case_of_integers_may_be_refused_and_no_other_may():
    def refusing_floats(x, gamma, beta, epsilon):
        if x.dtype != np.int64:
            raise TypeError("integers only")
        return by_the_book(x, gamma, beta, epsilon)

    assert checks.batch_norm_forward(refusing_integers).passed
    assert checks.batch_norm_forward(refusing_floats).names == ("raises",)
