"""Node by node: the first wrong step is named, whatever the steps are called."""

import itertools

import numpy as np
import pytest

from bnutils import checks
from bnutils.checks import batches, reading
from bnutils.checks.nodes import steps as node_steps
from bnutils.checks.nodes.graph import BACKWARD, FORWARD, OUTPUT
from bnutils.checks.nodes.names import spelt

WORDS = [
    word
    for node in (*FORWARD, *BACKWARD, OUTPUT)
    for word in {spelt(word) for word in (node.name, *node.words)}
]


CHAPTER = {
    "mu": lambda v: v["x"].mean(0),
    "c": lambda v: v["x"] - v["mu"],
    "sigma2": lambda v: (v["c"] ** 2).mean(0),
    "r": lambda v: 1 / np.sqrt(v["sigma2"] + v["epsilon"]),
    "x_hat": lambda v: v["c"] * v["r"],
    "dbeta": lambda v: v["dy"].sum(0),
    "dgamma": lambda v: (v["dy"] * v["x_hat"]).sum(0),
    "dx_hat": lambda v: v["gamma"] * v["dy"],
    "dr": lambda v: (v["c"] * v["dx_hat"]).sum(0),
    "dsigma2": lambda v: -0.5 * v["r"] ** 3 * v["dr"],
    "dc": lambda v: v["r"] * v["dx_hat"] + 2 / v["N"] * v["c"] * v["dsigma2"],
    "dmu": lambda v: -v["dc"].sum(0),
    "dx": lambda v: v["dc"] + v["dmu"] / v["N"],
}


def steps(dy, x, gamma, epsilon, **changed):
    """The chapter's steps; a node that is named is computed by a function of the others."""
    v = {"dy": dy, "x": x, "gamma": gamma, "epsilon": epsilon, "N": len(x)}
    for name, compute in {**CHAPTER, **changed}.items():
        v[name] = compute(v)
    return {
        name: one for name, one in v.items() if name not in ("dy", "x", "gamma", "epsilon", "N")
    }


def wrong(**changed):
    return lambda dy, x, gamma, epsilon: steps(dy, x, gamma, epsilon, **changed)


FAULTS = {
    "mu": lambda v: v["x"].mean(1)[: v["x"].shape[1]],
    "c": lambda v: v["x"] + v["mu"],
    "sigma2": lambda v: v["x"].var(0, ddof=1),
    "r": lambda v: 1 / (np.sqrt(v["sigma2"]) + v["epsilon"]),
    "x_hat": lambda v: v["c"] / v["r"],
    "dbeta": lambda v: v["dy"].mean(0),
    "dgamma": lambda v: (v["dy"] * v["x"]).sum(0),
    "dx_hat": lambda v: v["dy"],
    "dr": lambda v: (v["x_hat"] * v["dx_hat"]).sum(0),
    "dsigma2": lambda v: 0.5 * v["r"] ** 3 * v["dr"],
    "dc": lambda v: v["r"] * v["dx_hat"],
    "dmu": lambda v: v["dc"].sum(0),
    "dx": lambda v: v["dc"] + v["dmu"],
}


def test_the_steps_of_the_chapter_are_right():
    report = checks.backward_nodes(steps)
    assert report.passed, report
    assert not report.remarks


@pytest.mark.parametrize("node", FAULTS)
def test_the_first_wrong_node_is_named_and_what_follows_from_it_is_not(node):
    (found,) = checks.backward_nodes(wrong(**{node: FAULTS[node]})).mistakes
    assert found.name == "wrong-node"
    assert found.seen.startswith(f"{node} is the first wrong node. ")
    assert "Wrong in themselves" not in found.seen


@pytest.mark.parametrize("node", FAULTS)
def test_the_last_hint_is_about_the_node_that_is_wrong(node):
    for _ in range(3):
        report = checks.backward_nodes(wrong(**{node: FAULTS[node]}))
    (found,) = report.mistakes
    x, dy = (np.array(one, float)[:, None] for one in ((2, 4, 6, 8), (1, 0, 0, 0)))
    due = reading.listed(steps(dy, x, 2.0, 1.0)[node])
    assert f", {node} = {due} is right." in found.worked
    assert ("dy = " in found.worked) == (node in {one.name for one in BACKWARD})
    assert ("The transform" in found.place) == (node in {one.name for one in FORWARD})


@pytest.mark.parametrize("second", ["dsigma2", "dc", "dmu", "dx"])
def test_of_two_wrong_nodes_the_first_is_named_and_the_other_mentioned(second):
    both = {"dr": FAULTS["dr"], second: FAULTS[second]}
    (found,) = checks.backward_nodes(wrong(**both)).mistakes
    assert found.seen.startswith("dr is the first wrong node.")
    assert found.seen.endswith(f"Wrong in themselves, too: {second}.")


@pytest.mark.parametrize("node", FAULTS)
def test_a_wrong_node_is_found_among_few(node):
    """Nodes that were not returned are filled in from those that were."""

    def few(dy, x, gamma, epsilon):
        found = steps(dy, x, gamma, epsilon, **{node: FAULTS[node]})
        return {name: found[name] for name in {node, "dx_hat", "dx"}}

    (found,) = checks.backward_nodes(few).mistakes
    assert f"{node} is the first wrong node." in found.seen


@pytest.mark.parametrize(
    ("node", "said"),
    [
        ("dc", "your dc is the part through x_hat alone."),
        ("dsigma2", "your dsigma2 is -1 times what it should be."),
        ("dmu", "your dmu is -1 times what it should be."),
        ("dbeta", "your dbeta is 1/N times what it should be."),
    ],
)
def test_the_term_says_what_a_wrong_node_is_instead(node, said):
    (found,) = checks.backward_nodes(wrong(**{node: FAULTS[node]})).mistakes
    assert found.term == said


def test_a_factor_of_its_own_is_estimated():
    odd = wrong(dr=lambda v: 0.7 * (v["c"] * v["dx_hat"]).sum(0))
    assert checks.backward_nodes(odd).mistakes[0].term == "your dr is 0.7 times what it should be."


def test_by_program_the_first_wrong_node_is_always_the_one_that_was_changed():
    """Each node times each of some factors, among random others."""
    rng = np.random.default_rng(0)
    order, tried = list(CHAPTER), 0
    for node, factor in itertools.product(order, (-1, 2, 0.5, -2, 6, 1 / 6, 0, 1.1, 0.37)):
        later = rechained(node, factor)
        for _ in range(12):
            kept = {one for one in order if rng.random() < 0.5} | {node}
            with np.errstate(all="ignore"):
                found, _ = judged({one: later[one] for one in kept})
            assert [one.name for one in found] == ["wrong-node"], (node, factor, kept)
            assert found[0].seen.startswith(f"{node} is the first wrong node."), (node, kept)
            tried += 1
    assert tried > 1000


def rechained(node, factor):
    """All steps, with one of them multiplied and the later ones computed from it."""
    plain = batches.batch(6, 4)
    v = {"dy": plain.dy, "x": plain.x, "gamma": plain.gamma, "epsilon": plain.epsilon, "N": 6}
    with np.errstate(all="ignore"):
        for name, compute in CHAPTER.items():
            v[name] = compute(v) * (factor if name == node else 1)
    return v


def judged(found):
    return node_steps.judged(found, node_steps.STEPS_BACK, (*FORWARD, *BACKWARD))


def renamed(**names):
    def function(dy, x, gamma, epsilon):
        found = steps(dy, x, gamma, epsilon)
        return {names.get(name, name): one for name, one in found.items()}

    return function


@pytest.mark.parametrize(
    "names",
    [
        {"mu": "mean", "c": "xmu", "sigma2": "var", "r": "ivar", "x_hat": "xhat"},
        {"dx_hat": "dxhat", "dr": "divar", "dsigma2": "dvar", "dc": "dxmu", "dmu": "dmean"},
        {"dx_hat": "dL/dx_hat", "dr": "grad_r", "dsigma2": "dσ²", "dmu": "dμ", "dx": "DX"},
    ],
)
def test_other_names_are_known(names):
    report = checks.backward_nodes(renamed(**names))
    assert report.passed, report
    assert not report.remarks
    bad = renamed(**names)
    twice = {names.get("dmu", "dmu"): 2}

    def function(*arguments):
        return {n: one * twice.get(n, 1) for n, one in bad(*arguments).items()}

    assert checks.backward_nodes(function).names == ("wrong-node",)


def test_the_students_own_name_is_shown():
    def function(*arguments):
        found = steps(*arguments)
        return {"dvariance": 2 * found["dsigma2"]}

    (found,) = checks.backward_nodes(function).mistakes
    assert found.seen.startswith("dvariance, the graph's dsigma2, is the first wrong node.")


def test_no_name_means_two_nodes():
    assert len(set(WORDS)) == len(WORDS)


def test_arguments_may_stand_among_the_steps():
    def function(dy, x, gamma, epsilon):
        return {**steps(dy, x, gamma, epsilon), "x": x, "dy": dy, "eps": epsilon}

    report = checks.backward_nodes(function)
    assert report.passed
    assert not report.remarks


def test_an_unknown_name_is_answered_with_the_nearest_one():
    report = checks.backward_nodes(renamed(dsigma2="dvarianc", dmu="qqqqqq"))
    assert report.passed
    assert report.remarks == ("no node of the graph is called dvarianc (is it dsigma2?), qqqqqq.",)
    assert checks.backward_nodes(lambda *_: {"dvarianc": 1}).names == ("no-known-node",)
    assert checks.backward_nodes(lambda *_: {}).names == ("no-known-node",)


def test_sums_that_are_taken_late_are_said_so():
    late = wrong(
        dr=lambda v: v["c"] * v["dx_hat"],
        dsigma2=lambda v: -0.5 * v["r"] ** 3 * v["dr"].sum(0),
    )
    report = checks.backward_nodes(late)
    assert report.passed
    assert report.remarks == ("dr is summed over the batch later than in the graph.",)


def test_sums_that_are_never_taken_are_a_mistake():
    never = wrong(dr=lambda v: v["c"] * v["dx_hat"])
    for _ in range(3):
        (found,) = checks.backward_nodes(never).mistakes
    assert found.name == "sum-taken-late"
    assert found.seen.startswith("dr, dsigma2: a number for each example. dc is the first that")
    assert "dr = -6 is right; with this mistake it is (-6, 0, 0, 0)." in found.worked


@pytest.mark.parametrize("shape", [(1, 4), (4, 1), (4,)])
def test_one_number_for_each_feature_may_lie_in_any_way(shape):
    def function(*arguments):
        found = steps(*arguments)
        return {**found, "dmu": found["dmu"].reshape(shape)}

    assert checks.backward_nodes(function).passed


def test_other_ways_through_the_graph_are_right():
    """CS231n's nodes: the root has one, and both parts of dx."""

    def function(dy, x, gamma, epsilon):
        v = steps(dy, x, gamma, epsilon)
        std = 1 / v["r"]
        dstd = -v["dr"] / std**2
        return {
            **v,
            "sqrtvar": std,
            "dsqrtvar": dstd,
            "dvar": 0.5 / std * dstd,
            "dsq": np.ones_like(x) / len(x) * v["dsigma2"],
            "dxmu1": v["dx_hat"] / std,
            "dxmu2": 2 * v["c"] * v["dsigma2"] / len(x),
            "dx1": v["dc"],
            "dx2": np.ones_like(x) / len(x) * v["dmu"],
        }

    assert checks.backward_nodes(function).passed


def test_a_root_without_epsilon_is_no_mistake_until_it_is_used():
    def function(dy, x, gamma, epsilon):
        return {"std": x.std(0), "r": 1 / np.sqrt(x.var(0) + epsilon)}

    def used(dy, x, gamma, epsilon):
        return {"std": x.std(0), "r": 1 / x.std(0)}

    assert checks.backward_nodes(function).passed
    assert checks.backward_nodes(used).mistakes[0].seen.startswith("r is the first wrong node.")


# ---- the forward graph, and the check of the results --------------------------------------
def test_a_forward_pass_has_nodes_too():
    def right(x, gamma, beta, epsilon):
        mean, var = x.mean(0), x.var(0)
        x_norm = (x - mean) / np.sqrt(var + epsilon)
        return {"mean": mean, "var": var, "x_norm": x_norm, "out": gamma * x_norm + beta}

    def without_beta(*arguments):
        return {**right(*arguments), "out": arguments[1] * right(*arguments)["x_norm"]}

    assert checks.forward_nodes(right).passed
    (found,) = checks.forward_nodes(without_beta).mistakes
    assert found.seen.startswith("out, the graph's y, is the first wrong node.")


def as_results(function, packed):
    def backward(*arguments):
        found = function(*arguments)
        results = found["dx"], found["dgamma"], found["dbeta"]
        return found if packed == "dictionary" else (*results, found)

    return backward


@pytest.mark.parametrize("packed", ["dictionary", "fourth"])
def test_steps_among_the_results_are_read_where_the_results_are_wrong(packed):
    assert checks.batch_norm_backward(as_results(steps, packed)).passed
    report = checks.batch_norm_backward(as_results(wrong(dmu=FAULTS["dmu"]), packed))
    assert report.names[0] == "wrong-node"
    assert len(report.names) > 1
    assert report.mistakes[0].seen.startswith("dmu is the first wrong node.")


def test_results_without_steps_are_checked_as_before():
    def detached(dy, x, gamma, epsilon):
        found = steps(dy, x, gamma, epsilon)
        return gamma * dy * found["r"], found["dgamma"], found["dbeta"]

    assert checks.batch_norm_backward(detached).names == ("detached-statistics",)


def test_steps_are_not_asked_of_a_function_that_does_not_come_back(tmp_path):
    """What hangs or ends Python in the check must not get another call outside of it."""
    calls = tmp_path / "calls"

    def backward(*arguments):
        with calls.open("a") as lines:
            lines.write("call\n")
        raise OSError

    assert checks.batch_norm_backward(backward).names == ("raises",)
    assert len(calls.read_text().split()) == 2  # to see how to call it, and to judge it


# ---- bad input -------------------------------------------------------------------------------
@pytest.mark.parametrize("check", [checks.backward_nodes, checks.forward_nodes])
@pytest.mark.parametrize(
    ("value", "name"),
    [
        (None, "returns-none"),
        (3.0, "no-known-node"),
        ((1, 2), "no-known-node"),
        ({1: 2}, "no-known-node"),
        ({"x_hat": "text"}, "wrong-node"),
        ({"x_hat": None}, "wrong-node"),
        ({"x_hat": np.zeros((2, 2))}, "wrong-node"),
        ({"mu": np.full(4, np.nan)}, "wrong-node"),
        ({"mu": np.zeros((2, 3, 4))}, "wrong-node"),
        ({"mu": 3}, "wrong-node"),
    ],
)
def test_whatever_comes_back_is_answered(check, value, name):
    report = check(lambda *_: value)
    assert report.names == (name,)
    assert all(one.hint for one in report.mistakes)


def test_what_raises_is_answered():
    def function(*arguments):
        return 1 / 0

    assert checks.backward_nodes(function).names == ("raises",)
    assert checks.forward_nodes(3).names == ("wrong-signature",)
