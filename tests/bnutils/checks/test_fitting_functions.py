"""Functions written for something else are called in their own manner, and a remark says how."""

from functools import partial

import numpy as np
import pytest

from bnutils import checks
from tests.bnutils.checks.fits import refused, remarked
from tests.bnutils.checks.students import backward, forward


def by_the_book(x, gamma, beta, epsilon):
    return gamma * (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + epsilon) + beta


# ---- names and order --------------------------------------------------------------------
def test_synonyms_in_the_order_of_the_exercise_need_no_remark():
    def layer(inputs, scale, shift, eps=1e-5):
        return by_the_book(inputs, scale, shift, eps)

    report = checks.batch_norm_forward(layer)
    assert report.passed
    assert report.remarks == ()


def test_names_that_say_nothing_are_no_obstacle():
    assert checks.batch_norm_forward(lambda data, w, b, e: by_the_book(data, w, b, e)).passed
    assert checks.batch_norm_forward(lambda *those: by_the_book(*those)).passed


def test_keywords_only_are_called_by_name():
    def keywords(x, *, eps, beta, gamma):
        return by_the_book(x, gamma, beta, eps)

    remarked(checks.batch_norm_forward(keywords), "called as keywords(x=x, gamma=gamma")


def test_another_order_is_refused_with_the_line_to_paste():
    def compact(x, dout, gamma, eps):
        return backward.compact(dout, x, gamma, eps)

    line = "lambda dy, x, gamma, epsilon: compact(dy"
    report = checks.batch_norm_backward(compact)
    refused(report, "checks.batch_norm_backward(lambda dy, x, gamma, epsilon: compact(")
    assert "yours is compact(x, dout, gamma, eps)" in " ".join(report.mistakes[0].seen.split())
    assert line.split(":")[0] in " ".join(report.mistakes[0].seen.split())
    pasted = checks.batch_norm_backward(
        lambda dy, x, gamma, epsilon: compact(dout=dy, x=x, gamma=gamma, eps=epsilon)
    )
    assert pasted.passed, str(pasted)


def test_arguments_in_each_others_place_show_in_the_numbers():
    def nameless(a, b, c, d):
        return backward.compact(b, a, c, d)

    report = checks.batch_norm_backward(nameless)
    assert report.names == ("arguments-swapped",)
    line = "lambda dy, x, gamma, epsilon: nameless(x, dy, gamma, epsilon)"
    assert line in " ".join(report.mistakes[0].seen.split())


def test_a_function_that_asks_for_more_is_given_it():
    def batch_norm(X, gamma, beta, moving_mean, moving_var, eps, momentum):
        return by_the_book(X, gamma, beta, eps), moving_mean, moving_var

    remarked(checks.batch_norm_forward(batch_norm), "moving_var=1.0")

    def with_beta(dout, x, gamma, beta, eps):
        return backward.compact(dout, x, gamma, eps)

    remarked(checks.batch_norm_backward(with_beta), "beta=0.0")


@pytest.mark.parametrize(("flag", "value"), [("training", False), ("is_test", True)])
def test_a_flag_is_set_for_training_and_for_inference(flag, value):
    def both(x, gamma, beta, mean, variance, epsilon, training):
        if training:
            return by_the_book(x, gamma, beta, epsilon)
        return gamma * (x - mean) / np.sqrt(variance + epsilon) + beta

    functions = {
        "training": lambda x, gamma, beta, mean, variance, epsilon, training=True: both(
            x, gamma, beta, mean, variance, epsilon, training
        ),
        "is_test": lambda x, gamma, beta, mean, variance, epsilon, is_test=False: both(
            x, gamma, beta, mean, variance, epsilon, not is_test
        ),
    }
    remarked(checks.batch_norm_inference(functions[flag]), f"{flag}={value}")


def test_a_word_says_the_mode():
    def transform(x, gamma, beta, eps, mode="test"):
        return by_the_book(x, gamma, beta, eps) if mode == "train" else x

    remarked(checks.batch_norm_forward(transform), "mode='train'")


def test_what_it_lacks_is_named():
    report = checks.batch_norm_forward(lambda x, epsilon: x)
    assert report.names == ("wrong-signature",)
    assert "It takes no gamma and no beta." in " ".join(report.mistakes[0].seen.split())


def test_what_the_exercise_lacks_has_dots_in_the_line_to_paste():
    def update(moving_mean, moving_var, batch_mean, batch_var, momentum):
        return moving_mean, moving_var

    report = checks.moving_update(update)
    refused(report, "update(moving_mean=moving_mean, moving_var=moving_variance, batch_mean=...")


def test_a_layer_belongs_to_the_check_of_layers():
    class Layer:
        def __call__(self, x):
            return x

    refused(checks.batch_norm_forward(Layer), "checks.batch_norm_layer(Layer)")


# ---- constants of its own ---------------------------------------------------------------
@pytest.mark.parametrize("own", [1e-3, 1e-5, 1e-8, 0.02, 2.5e-4])
def test_an_epsilon_that_is_no_argument_is_found(own):
    report = checks.batch_norm_forward(lambda x, gamma, beta: by_the_book(x, gamma, beta, own))
    remarked(report, f"epsilon is no argument; the function is judged by its own, {own:g}.")


def test_so_it_is_in_the_backward_pass_and_in_inference():
    report = checks.batch_norm_backward(lambda dy, x, gamma: backward.compact(dy, x, gamma, 1e-4))
    remarked(report, "its own, 0.0001.")

    def inference(x, gamma, beta, mean, variance):
        return gamma * (x - mean) / np.sqrt(variance + 1e-5) + beta

    remarked(checks.batch_norm_inference(inference), "its own, 1e-05.")


def test_a_momentum_that_is_no_argument_is_found():
    def update(mean, variance, x):
        return 0.95 * mean + 0.05 * x.mean(0), 0.95 * variance + 0.05 * x.var(0)

    remarked(checks.moving_update(update), "momentum is no argument; the function is judged by")


def test_a_wrong_function_is_not_excused_by_it():
    wrong = checks.batch_norm_forward(
        lambda x, gamma, beta: gamma * (x - x.mean(0)) / (x.std(0) + 1e-3) + beta
    )
    assert not wrong.passed
    ignored = checks.batch_norm_forward(
        lambda x, gamma, beta, epsilon: by_the_book(x, gamma, beta, 1e-5)
    )
    assert ignored.names == ("epsilon-ignored",)
    without = checks.batch_norm_forward(
        lambda x, gamma, beta: gamma * (x - x.mean(0)) / x.std(0) + beta
    )
    assert not without.passed
    assert "no number in its place makes this right" in " ".join(without.remarks)


# ---- results ----------------------------------------------------------------------------
def test_results_are_taken_from_a_dictionary():
    def gradients(dy, x, gamma, epsilon):
        dx, dgamma, dbeta = backward.compact(dy, x, gamma, epsilon)
        return {"dbeta": dbeta, "dgamma": dgamma, "dx": dx}

    report = checks.batch_norm_backward(gradients)
    assert report.passed
    assert report.remarks == ()
    named_otherwise = checks.batch_norm_forward(lambda x, g, b, e: {"out": by_the_book(x, g, b, e)})
    assert named_otherwise.names == ("wrong-type",)


def test_a_dictionary_of_something_else_stays_one():
    report = checks.batch_norm_forward(lambda x, g, b, e: {"a": x, "b": g})
    assert not report.passed


def test_lists_will_do():
    remarkless = checks.batch_norm_backward(lambda *those: [*backward.compact(*those)])
    assert remarkless.passed
    assert remarkless.remarks == ()


def test_vectors_with_an_axis_of_length_one_are_squeezed():
    def gradients(dy, x, gamma, epsilon):
        dx, dgamma, dbeta = backward.compact(dy, x, gamma, epsilon)
        return {"dx": dx, "dgamma": dgamma[None], "dbeta": dbeta[:, None]}

    report = checks.batch_norm_backward(gradients)
    remarked(report, "an axis of length 1")
    remarked(report, "from a dictionary")


def test_a_first_result_that_nobody_asked_for_is_left_out():
    def step(mean, variance, x, momentum):
        new = momentum * mean + (1 - momentum) * x.mean(0)
        return x, new, momentum * variance + (1 - momentum) * x.var(0)

    remarked(checks.moving_update(step), "behind another result")


# ---- layouts ----------------------------------------------------------------------------
def by_channel(x, gamma, beta, epsilon):
    mean, variance = (f(x, axis=(0, 2, 3), keepdims=True) for f in (np.mean, np.var))
    x_hat = (x - mean) / np.sqrt(variance + epsilon)
    return gamma.reshape(1, -1, 1, 1) * x_hat + beta.reshape(1, -1, 1, 1)


def by_row(x, gamma, beta, epsilon):
    mean, variance = x.mean(axis=1, keepdims=True), x.var(axis=1, keepdims=True)
    return gamma * (x - mean) / np.sqrt(variance + epsilon) + beta


def test_channels_first_is_found_out_where_channels_last_fails():
    remarked(checks.batch_norm_convolution(by_channel), "(N, C, H, W), channels first")
    report = checks.batch_norm_convolution(checks.channels_first(by_channel))
    assert report.passed
    assert report.remarks == ()


def test_rows_are_found_out_where_vectors_fail():
    def rows(x, gamma, beta, epsilon):
        count, features = gamma.shape
        return by_the_book(x, gamma.reshape(count * features), beta[0], epsilon)

    remarked(checks.batch_norm_forward(rows), "given as rows, (1, D)")


def test_columns_are_found_out_where_vectors_fail():
    def columns(x, gamma, beta, epsilon):
        features, _ = gamma.shape
        return by_row(x, gamma.reshape(features, 1), beta, epsilon)

    remarked(checks.batch_norm_forward(columns), "The batch was given as (D, N)")


def test_a_wrong_axis_stays_wrong_and_the_adapter_is_named():
    report = checks.batch_norm_forward(by_row)
    assert not report.passed
    line = "checks.batch_norm_forward(checks.features_first(by_row))"
    assert line in " ".join(report.remarks)
    assert checks.batch_norm_forward(checks.features_first(by_row)).passed


# ---- what is called ---------------------------------------------------------------------
def test_a_name_is_found_for_whatever_is_called():
    def compact(x, dout, gamma, eps):
        return backward.compact(dout, x, gamma, eps)

    refused(checks.batch_norm_backward(partial(compact)), "epsilon: compact(")
    lambdas = checks.batch_norm_backward(lambda x, dy, gamma, eps: (x, gamma, gamma))
    refused(lambdas, "epsilon: your_function(")


def test_a_stub_is_not_tried_in_every_manner():
    calls = []

    def stub(x, gamma, beta, epsilon):
        calls.append(1)
        raise NotImplementedError

    assert checks.batch_norm_forward(stub).names == ("unfinished",)
    assert len(calls) < 10


def test_adapters_take_functions_alone():
    with pytest.raises(TypeError, match=r"can be called; received 3\."):
        checks.channels_first(3)
    with pytest.raises(TypeError, match="CS231n's backward pass"):
        checks.cs231n_backward(forward.by_the_book, "backward")


def test_a_right_result_behind_another_one_is_pointed_out():
    def forward(x, gamma, beta, epsilon):
        x_hat = (x - x.mean(0)) / np.sqrt(x.var(0) + epsilon)
        return x_hat, gamma * x_hat + beta

    report = checks.batch_norm_forward(forward)
    assert report.names == ("gamma-ignored", "beta-ignored")
    said = "Your second result has the right numbers; the exercise wants y first."
    assert report.remarks == (said,)


def test_the_layout_in_which_a_function_is_right_is_named():
    def forward(x, gamma, beta, epsilon):
        mean, variance = x.mean(1, keepdims=True), x.var(1, keepdims=True)
        return gamma * (x - mean) / np.sqrt(variance + epsilon) + beta

    (remark,) = checks.batch_norm_forward(forward).remarks
    assert "The batch was given as (D, N)" in remark
    assert "checks.batch_norm_forward(checks.features_first(forward))" in remark
