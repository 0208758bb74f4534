"""Steps of a backward pass in a dictionary, wrong ones."""

from tests.bnutils.checks.students.shared import parts


def wrong_sign(dy, x, gamma, epsilon):
    x_hat, std = parts(x, epsilon)
    return {"x_hat": x_hat, "dx_hat": -gamma * dy, "std": std}


def never_summed(dy, x, gamma, epsilon):
    centred = x - x.mean(axis=0)
    _, std = parts(x, epsilon)
    dvar = -0.5 / std**3 * gamma * dy * centred
    return {
        "dvar": dvar,
        "dmean": -(gamma * dy / std).sum(axis=0),
        "dc2": 2 / len(x) * centred * dvar,
    }


def names_of_nothing(dy, x, gamma, epsilon):
    return {"first": dy, "second": gamma * dy}


WRONG = {
    "wrong-node": [wrong_sign],
    "sum-taken-late": [never_summed],
    "no-known-node": [names_of_nothing],
}
