"""The inputs and results with which the figures' formulas are tested."""

import json

import numpy as np

from tools import explorable_fixtures


def _assert_alike(actual: object, expected: object, where: str) -> None:
    if isinstance(expected, dict):
        assert isinstance(actual, dict)
        assert actual.keys() == expected.keys(), where
        for key in expected:
            _assert_alike(actual[key], expected[key], f"{where}.{key}")
    elif isinstance(expected, list) and expected and isinstance(expected[0], dict):
        assert isinstance(actual, list)
        assert len(actual) == len(expected), where
        for i, (one, other) in enumerate(zip(actual, expected, strict=True)):
            _assert_alike(one, other, f"{where}[{i}]")
    elif isinstance(expected, str):
        assert actual == expected, where
    else:
        np.testing.assert_allclose(actual, expected, rtol=1e-9, atol=2e-7, err_msg=where)


def test_fixtures_are_what_the_reference_gives() -> None:
    committed = json.loads(explorable_fixtures.TARGET.read_text("utf8"))
    _assert_alike(explorable_fixtures.fixtures(), committed, "fixtures")
