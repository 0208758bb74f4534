"""Write what ``bnutils.reference`` gives, for the tests of the interactive figures' formulas.

Run ``python -m tools.explorable_fixtures`` after a change of the reference. A test fails if the
committed file is not what this program would write.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np

from bnutils import reference

TARGET = Path(__file__).parents[1] / "tests" / "book" / "javascript" / "fixtures" / "formulas.json"
DIGITS = 12  # significant digits: what differs after them depends on the machine's arithmetic
BLOCK = (4, 2, 2, 6)

Fixture = dict[str, Any]


def fixtures() -> Fixture:
    """Inputs and results of every formula of the figures."""
    rng = np.random.default_rng(20150211)
    values: Fixture = _rounded(
        {
            "train": [_train(rng, size) for size in (1, 2, 5, 8, 32)],
            "infer": [_infer(rng, size) for size in (1, 5, 8)],
            "backward": [_backward(rng, size) for size in (2, 6, 8, 16)],
            "moving": [
                _moving(momentum, steps)
                for momentum in (0.01, 0.9, 0.99)
                for steps in (0, 1, 6, 95)
            ],
            "axes": _axes(rng),
            "turning": [
                _turning(norm, rate, decay)
                for norm in (0.25, 1.0, 8.0)
                for rate, decay in ((0.1, 0.05), (1.0, 0.2), (0.02, 0.0))
            ],
        }
    )
    return values


def _train(rng: np.random.Generator, size: int) -> Fixture:
    x, gamma, beta, epsilon = rng.normal(3, 2, size), 1.5, -0.5, 1e-3
    y, cache = reference.batch_norm_train(x[:, None], [gamma], [beta], epsilon=epsilon)
    return {
        "x": x, "gamma": gamma, "beta": beta, "epsilon": epsilon, "y": y[:, 0],
        "xhat": cache.x_hat[:, 0], "mean": cache.mean[0], "variance": cache.variance[0],
    }  # fmt: skip


def _infer(rng: np.random.Generator, size: int) -> Fixture:
    x, gamma, beta, epsilon, mean, variance = rng.normal(3, 2, size), 0.7, 0.2, 1e-5, 1.0, 9.0
    y = reference.batch_norm_infer(x[:, None], [gamma], [beta], [mean], [variance], epsilon=epsilon)
    return {
        "x": x, "gamma": gamma, "beta": beta, "epsilon": epsilon,
        "mean": mean, "variance": variance, "y": y[:, 0],
    }  # fmt: skip


def _backward(rng: np.random.Generator, size: int) -> Fixture:
    """The full gradient from the reference, the detached ones by central differences."""
    x, upstream, gamma, epsilon = rng.normal(3, 2, size), rng.normal(size=size), 1.3, 1e-3
    _, cache = reference.batch_norm_train(x[:, None], [gamma], None, epsilon=epsilon)
    dx, _, _ = reference.batch_norm_backward(upstream[:, None], cache)
    mean, variance = reference.moments(x[:, None])

    def detached(fixed_mean: bool, fixed_variance: bool) -> np.ndarray:
        def loss(values: np.ndarray) -> float:
            own_mean, own_variance = reference.moments(values[:, None])
            y = reference.batch_norm_infer(
                values[:, None],
                [gamma],
                None,
                mean if fixed_mean else own_mean,
                # With the mean held fixed, deviations are taken from it.
                variance if fixed_variance else own_variance + fixed_mean * (own_mean - mean) ** 2,
                epsilon=epsilon,
            )
            return float(y[:, 0] @ upstream)

        return _central_differences(loss, x)

    return {
        "x": x, "upstream": upstream, "gamma": gamma, "epsilon": epsilon, "dx": dx[:, 0],
        "mean_detached": detached(True, False), "variance_detached": detached(False, True),
        "both_detached": detached(True, True),
    }  # fmt: skip


def _central_differences(loss: Any, x: np.ndarray, step: float = 1e-5) -> np.ndarray:
    bumps = step * np.eye(len(x))
    # Seven digits are certain; the tests ask for six.
    return np.round([(loss(x + bump) - loss(x - bump)) / (2 * step) for bump in bumps], 7)


def _moving(momentum: float, steps: int) -> Fixture:
    value = np.array([1.0])
    for _ in range(steps):
        value = reference.update_moving(value, [9.0], momentum)
    return {"momentum": momentum, "steps": steps, "initial": 1.0, "batch": 9.0, "value": value[0]}


def _turning(norm: float, rate: float, decay: float) -> Fixture:
    gradient, updates = 1.5, 40
    norms, angles = reference.turning(norm, rate, decay, gradient, updates)
    return {
        "norm": norm, "rate": rate, "decay": decay, "gradient": gradient, "updates": updates,
        "norms": norms, "angles": angles,
    }  # fmt: skip


def _axes(rng: np.random.Generator) -> list[Fixture]:
    x = rng.normal(1, 2, BLOCK)
    results = {
        ("bn", 1): reference.batch_norm_train(x, None, None, epsilon=1e-3)[0],
        ("ln", 1): reference.layer_norm(x, None, None, epsilon=1e-3)[0],
        ("lnhwc", 1): reference.layer_norm(x, None, None, axis=(1, 2, 3), epsilon=1e-3)[0],
        ("in", 1): reference.instance_norm(x, None, None, epsilon=1e-3)[0],
        ("rms", 1): reference.rms_norm(x, None, epsilon=1e-3)[0],
    }
    for groups in (1, 2, 3, 6):
        results["gn", groups] = reference.group_norm(x, None, None, groups=groups, epsilon=1e-3)[0]
    return [
        {"layer": layer, "groups": groups, "shape": BLOCK, "epsilon": 1e-3}
        | {"x": x.ravel(), "y": y.ravel()}
        for (layer, groups), y in results.items()
    ]


def _rounded(value: Any) -> Any:
    """Plain lists and numbers, with so many digits as are the same everywhere."""
    if isinstance(value, dict):
        return {key: _rounded(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple | np.ndarray):
        return [_rounded(entry) for entry in value]
    if isinstance(value, float | np.floating):
        return float(f"{float(value):.{DIGITS}g}")
    return value


def text() -> str:
    """Contents of the file."""
    return json.dumps(fixtures(), separators=(",", ":")).replace('"layer"', '\n"layer"') + "\n"


def main() -> None:
    """Write the file, all or nothing."""
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    draft = TARGET.with_suffix(".tmp")
    draft.write_text(text(), "utf8")
    draft.replace(TARGET)


if __name__ == "__main__":
    argparse.ArgumentParser("python -m tools.explorable_fixtures", description=__doc__).parse_args()
    main()
