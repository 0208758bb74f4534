"""Right implementations as sources, several styles for each exercise, for mutants to be made of."""

FORWARD = (
    """
def function(x, gamma, beta, epsilon):
    mean = x.mean(0)
    variance = x.var(0)
    x_hat = (x - mean) / np.sqrt(variance + epsilon)
    return gamma * x_hat + beta
""",
    """
def function(x, gamma, beta, epsilon):
    n = len(x)
    mean = x.sum(0) / n
    centred = x - mean
    variance = (centred ** 2).sum(0) / n
    std = np.sqrt(variance + epsilon)
    return gamma * (centred / std) + beta
""",
    """
def function(x, gamma, beta, epsilon):
    scale = gamma / np.sqrt(x.var(0) + epsilon)
    shift = beta - scale * x.mean(0)
    return scale * x + shift
""",
)
CONVOLUTION = (
    """
def function(x, gamma, beta, epsilon):
    mean = x.mean((0, 1, 2))
    variance = x.var((0, 1, 2))
    return gamma * (x - mean) / np.sqrt(variance + epsilon) + beta
""",
    """
def function(x, gamma, beta, epsilon):
    rows = x.reshape(-1, x.shape[3])
    centred = rows - rows.mean(0)
    variance = (centred ** 2).mean(0)
    y = gamma * centred / np.sqrt(variance + epsilon) + beta
    return y.reshape(x.shape)
""",
)
INFERENCE = (
    """
def function(x, gamma, beta, mean, variance, epsilon):
    x_hat = (x - mean) / np.sqrt(variance + epsilon)
    return gamma * x_hat + beta
""",
    """
def function(x, gamma, beta, mean, variance, epsilon):
    scale = gamma / np.sqrt(variance + epsilon)
    return x * scale + (beta - mean * scale)
""",
)
UPDATE = (
    """
def function(old_mean, old_variance, x, momentum):
    mean, variance = x.mean(0), x.var(0)
    new_mean = momentum * old_mean + (1 - momentum) * mean
    new_variance = momentum * old_variance + (1 - momentum) * variance
    return new_mean, new_variance
""",
    """
def function(old_mean, old_variance, x, momentum):
    rate = 1 - momentum
    centred = x - x.mean(0)
    variance = (centred ** 2).mean(0)
    return old_mean + rate * (x.mean(0) - old_mean), old_variance + rate * (variance - old_variance)
""",
)
BACKWARD = (
    """
def function(dy, x, gamma, epsilon):
    std = np.sqrt(x.var(0) + epsilon)
    x_hat = (x - x.mean(0)) / std
    dgamma = (dy * x_hat).sum(0)
    dbeta = dy.sum(0)
    dx = gamma / std * (dy - dy.mean(0) - x_hat * (dy * x_hat).mean(0))
    return dx, dgamma, dbeta
""",
    """
def function(dy, x, gamma, epsilon):
    n = len(x)
    inverse = 1 / np.sqrt(x.var(0) + epsilon)
    x_hat = (x - x.mean(0)) * inverse
    dbeta = dy.sum(0)
    dgamma = (dy * x_hat).sum(0)
    dx = gamma * inverse / n * (n * dy - dbeta - x_hat * dgamma)
    return dx, dgamma, dbeta
""",
    """
def function(dy, x, gamma, epsilon):
    n = len(x)
    centred = x - x.mean(0)
    variance = (centred ** 2).mean(0)
    std = np.sqrt(variance + epsilon)
    dx_hat = dy * gamma
    dvariance = (dx_hat * centred).sum(0) * -1 / 2 / std ** 3
    dmean = -(dx_hat / std).sum(0) - 2 * dvariance * centred.mean(0)
    dx = dx_hat / std + dvariance * 2 * centred / n + dmean / n
    return dx, (dy * centred / std).sum(0), dy.sum(0)
""",
)
FOLDING = (
    """
def function(kernel, bias, gamma, beta, mean, variance, epsilon):
    scale = gamma / np.sqrt(variance + epsilon)
    return kernel * scale, (bias - mean) * scale + beta
""",
    """
def function(kernel, bias, gamma, beta, mean, variance, epsilon):
    std = np.sqrt(variance + epsilon)
    return kernel * gamma / std, gamma * (bias - mean) / std + beta
""",
)
