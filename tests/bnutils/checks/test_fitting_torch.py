"""PyTorch's functions and modules, with its conventions and with the exercise's."""

import numpy as np

from bnutils import checks
from bnutils.checks.fitting.factory import fitted_factory
from tests.bnutils.checks.fits import framework, lives, refused, remarked

torch = framework("torch")
nn, functional = torch.nn, torch.nn.functional
CONVENTIONS = "It follows PyTorch's conventions: "


# ---- functions --------------------------------------------------------------------------
def transform(x, weight, bias, eps=1e-5):
    variance = x.var(dim=0, unbiased=False)
    return weight * (x - x.mean(dim=0)) / torch.sqrt(variance + eps) + bias


def test_a_function_is_given_tensors():
    remarked(checks.batch_norm_forward(transform), "given as PyTorch's tensors")
    assert checks.batch_norm_forward(checks.torch_function(transform)).passed


def test_a_wrong_one_is_told_what_is_wrong():
    def sample(x, gamma, beta, eps):
        return gamma * (x - x.mean(0)) / torch.sqrt(x.var(0) + eps) + beta

    assert checks.batch_norm_forward(sample).names == ("sample-variance",)


def test_autograd_gives_gradients():
    def gradients(grad_output, x, gamma, eps):
        leaves = [one.clone().requires_grad_() for one in (x, gamma, torch.zeros_like(gamma))]
        transform(*leaves, eps).backward(grad_output)
        return [one.grad for one in leaves]

    remarked(checks.batch_norm_backward(gradients), "given as PyTorch's tensors")


def test_a_function_of_autograd():
    class Transform(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x, gamma, beta, epsilon):
            return transform(x, gamma, beta, epsilon)

    remarked(checks.batch_norm_forward(Transform.apply), "given as PyTorch's tensors")


def test_images_have_their_channels_first():
    def images(x, gamma, beta, eps):
        return functional.batch_norm(x, None, None, gamma, beta, True, 0.1, eps)

    report = checks.batch_norm_convolution(images)
    remarked(report, "(N, C, H, W), channels first")
    remarked(report, "As PyTorch does, it refuses to train on one example.")


def test_pytorchs_own_function_has_another_order():
    line = "batch_norm(input=x, weight=gamma, bias=beta"
    refused(checks.batch_norm_inference(functional.batch_norm), line)


def test_a_textbooks_function_serves_training_and_inference():
    def batch_norm(X, gamma, beta, moving_mean, moving_var, eps, momentum):
        if not torch.is_grad_enabled():
            return gamma * (X - moving_mean) / torch.sqrt(moving_var + eps) + beta
        mean = X.mean(dim=0)
        var = ((X - mean) ** 2).mean(dim=0)
        moving_mean = (1.0 - momentum) * moving_mean + momentum * mean
        return gamma * (X - mean) / torch.sqrt(var + eps) + beta, moving_mean.data, moving_var

    remarked(checks.batch_norm_forward(batch_norm), "momentum=0.9")
    remarked(checks.batch_norm_inference(batch_norm), "given as PyTorch's tensors")


# ---- modules ----------------------------------------------------------------------------
class Own(nn.Module):
    """In the exercise's conventions."""

    def __init__(self, num_features, eps=1e-5, momentum=0.9):
        super().__init__()
        self.eps, self.momentum = eps, momentum
        self.gamma = nn.Parameter(torch.ones(num_features))
        self.beta = nn.Parameter(torch.zeros(num_features))
        self.register_buffer("mean", torch.zeros(num_features))
        self.register_buffer("var", torch.ones(num_features))

    def forward(self, x):
        mean, var = self.mean, self.var
        if self.training:
            mean, var = x.mean(0), x.var(0, unbiased=False)
            with torch.no_grad():
                self.mean = self.momentum * self.mean + (1 - self.momentum) * mean
                self.var = self.momentum * self.var + (1 - self.momentum) * var
        return self.gamma * (x - mean) / torch.sqrt(var + self.eps) + self.beta


class Textbook(nn.Module):
    """With a constant epsilon and momentum, and a number of axes to be told."""

    def __init__(self, num_features, num_dims):
        super().__init__()
        shape = (1, num_features) if num_dims == 2 else (1, num_features, 1, 1)
        self.gamma = nn.Parameter(torch.ones(shape))
        self.beta = nn.Parameter(torch.zeros(shape))
        self.moving_mean, self.moving_var = torch.zeros(shape), torch.ones(shape)

    def forward(self, X):
        mean, var = self.moving_mean, self.moving_var
        if self.training:
            over = (0,) if X.ndim == 2 else (0, 2, 3)
            mean = X.mean(dim=over, keepdim=True)
            var = ((X - mean) ** 2).mean(dim=over, keepdim=True)
            self.moving_mean = 0.9 * self.moving_mean + 0.1 * mean.detach()
            self.moving_var = 0.9 * self.moving_var + 0.1 * var.detach()
        return self.gamma * (X - mean) / torch.sqrt(var + 1e-5) + self.beta


class Wrapped(nn.Module):
    def __init__(self, features, momentum, eps):
        super().__init__()
        self.inner = Own(features, eps, momentum)

    def forward(self, x):
        return self.inner(x)


class Plain:
    """No module, but PyTorch's manner: another order, and a momentum for the new value."""

    def __init__(self, dim, eps=1e-5, momentum=0.1):
        self.eps, self.momentum, self.training = eps, momentum, True
        self.gamma, self.beta = torch.ones(dim), torch.zeros(dim)
        self.running_mean, self.running_var = torch.zeros(dim), torch.ones(dim)

    def __call__(self, x):
        mean, var = self.running_mean, self.running_var
        if self.training:
            mean, var = x.mean(0), x.var(0, unbiased=False)
            kept = 1 - self.momentum
            self.running_mean = kept * self.running_mean + self.momentum * mean
            self.running_var = kept * self.running_var + self.momentum * var
        return self.gamma * (x - mean) / torch.sqrt(var + self.eps) + self.beta


class Single(Own):
    """Converts to float32, whatever it is given."""

    def double(self):
        return self

    def forward(self, x):
        return super().forward(x @ torch.eye(x.shape[1], dtype=torch.float32))


def test_pytorchs_own_modules_follow_its_conventions():
    three = {"reversed_momentum": True, "sample_variance": True, "refuses_one": True}
    lives(nn.BatchNorm1d, CONVENTIONS, "(the check gave it 1 - momentum)", **three)
    lives(nn.BatchNorm2d, CONVENTIONS, images=True, **three)


def test_a_module_in_double_precision_takes_float32():
    layer = fitted_factory(nn.BatchNorm1d)(4, 0.8, 0.1)
    assert layer(np.ones((3, 4), np.float32), training=False).dtype == np.float64


def test_a_module_may_follow_the_exercises_conventions():
    three = {"reversed_momentum": False, "sample_variance": False, "refuses_one": False}
    fitted = lives(Own, "Own(num_features=features", **three)
    assert CONVENTIONS not in " ".join(fitted.remarks)
    lives(Wrapped, **three)


def test_a_function_that_translates_the_momentum_is_believed():
    def make(features, momentum, epsilon):
        return nn.BatchNorm1d(features, eps=epsilon, momentum=1 - momentum)

    lives(make, CONVENTIONS, reversed_momentum=False, sample_variance=True)


def test_constants_and_axes_of_a_textbooks_module_are_found():
    constants = {"momentum": 0.9, "epsilon": 1e-5}
    lives(Textbook, constants=constants)
    lives(Textbook, constants=constants, images=True)


def test_a_class_in_pytorchs_manner_is_called_by_name():
    lives(Plain, "Plain(dim=features", CONVENTIONS, reversed_momentum=True)


def test_a_module_that_wants_float32_is_given_it():
    fitted = lives(Single, "It was called with float32")
    assert fitted(4, 0.8, 0.1)(np.ones((2, 4)), training=True).dtype == np.float32


def test_a_module_that_is_made_already_is_refused_with_its_class():
    (found,) = fitted_factory(nn.BatchNorm1d(4)).mistakes
    assert "checks.batch_norm_layer(BatchNorm1d)" in found.seen


def test_a_module_belongs_to_the_check_of_layers():
    refused(checks.batch_norm_forward(nn.BatchNorm1d), "checks.batch_norm_layer(BatchNorm1d)")


def test_pytorchs_own_layers_pass_the_check_of_layers():
    remarked(checks.batch_norm_layer(nn.BatchNorm1d), "PyTorch")
    remarked(checks.batch_norm_convolution_layer(nn.BatchNorm2d), "PyTorch")


def test_a_wrong_module_is_refused():
    class Wrong(nn.BatchNorm1d):
        def forward(self, x):
            return super().forward(x) + 1

    assert not checks.batch_norm_layer(Wrong).passed
