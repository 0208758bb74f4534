"""CS231n's functions, as they stand in its assignments, and everything that is made of them."""

import numpy as np

from bnutils import checks
from tests.bnutils.checks.fits import lives, refused, remarked


def batchnorm_forward(x, gamma, beta, bn_param):
    mode, eps = bn_param["mode"], bn_param.get("eps", 1e-5)
    momentum = bn_param.get("momentum", 0.9)
    D = x.shape[1]
    running_mean = bn_param.get("running_mean", np.zeros(D, dtype=x.dtype))
    running_var = bn_param.get("running_var", np.zeros(D, dtype=x.dtype))
    cache = None
    if mode == "train":
        mean, var = x.mean(axis=0), x.var(axis=0)
        std = np.sqrt(var + eps)
        x_hat = (x - mean) / std
        out = gamma * x_hat + beta
        running_mean = momentum * running_mean + (1 - momentum) * mean
        running_var = momentum * running_var + (1 - momentum) * var
        cache = x_hat, gamma, std
    elif mode == "test":
        out = gamma * (x - running_mean) / np.sqrt(running_var + eps) + beta
    else:
        raise ValueError(f"Invalid forward batchnorm mode {mode}")
    bn_param["running_mean"] = running_mean
    bn_param["running_var"] = running_var
    return out, cache


def batchnorm_backward(dout, cache):
    x_hat, gamma, std = cache
    dbeta, dgamma = dout.sum(axis=0), (dout * x_hat).sum(axis=0)
    dx = gamma / std * (dout - (dbeta + x_hat * dgamma) / len(dout))
    return dx, dgamma, dbeta


def spatial_batchnorm_forward(x, gamma, beta, bn_param):
    N, C, H, W = x.shape
    flat = x.transpose(0, 2, 3, 1).reshape(-1, C)
    out, cache = batchnorm_forward(flat, gamma, beta, bn_param)
    return out.reshape(N, H, W, C).transpose(0, 3, 1, 2), cache


def test_the_forward_pass_is_known_by_its_dictionary():
    remarked(checks.batch_norm_forward(batchnorm_forward), "checks.cs231n_forward")
    remarked(checks.batch_norm_inference(batchnorm_forward), "checks.cs231n_inference")
    remarked(checks.moving_update(batchnorm_forward), "checks.cs231n_update")


def test_the_adapters_do_the_same():
    assert checks.batch_norm_forward(checks.cs231n_forward(batchnorm_forward)).passed
    assert checks.batch_norm_inference(checks.cs231n_inference(batchnorm_forward)).passed
    assert checks.moving_update(checks.cs231n_update(batchnorm_forward)).passed


def test_the_backward_pass_needs_its_forward_pass():
    line = (
        "checks.batch_norm_backward(checks.cs231n_backward(batchnorm_forward, batchnorm_backward))"
    )
    refused(checks.batch_norm_backward(batchnorm_backward), line)
    adapted = checks.cs231n_backward(batchnorm_forward, batchnorm_backward)
    report = checks.batch_norm_backward(adapted)
    assert report.passed, str(report)


def test_wrong_ones_are_still_wrong():
    def biased(x, gamma, beta, bn_param):
        std = np.sqrt(x.var(axis=0, ddof=1) + bn_param["eps"])
        return gamma * (x - x.mean(axis=0)) / std + beta, None

    assert checks.batch_norm_forward(biased).names == ("sample-variance",)

    def forgetful(dout, cache):
        dx, dgamma, dbeta = batchnorm_backward(dout, cache)
        return dx, dgamma / len(dout), dbeta

    adapted = checks.cs231n_backward(batchnorm_forward, forgetful)
    assert checks.batch_norm_backward(adapted).names == ("mean-instead-of-sum",)


def test_the_spatial_one_has_its_channels_first():
    report = checks.batch_norm_convolution(spatial_batchnorm_forward)
    assert report.passed or report.remarks, str(report)
    adapted = checks.channels_first(checks.cs231n_forward(spatial_batchnorm_forward))
    assert checks.batch_norm_convolution(adapted).passed


def test_it_is_a_layer():
    lives(checks.cs231n_layer(batchnorm_forward))
    lives(batchnorm_forward, "checks.cs231n_layer")
