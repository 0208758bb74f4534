"""A lab made short, so that hundreds of edits of it can be tried: less of all, but all of it."""

import re
from dataclasses import replace
from typing import Any

from tools.lab_cells import Cell

PARTS = {"train": 1024, "val": 300, "test": 300}  # images
SEEDS = 3  # of what a lab trains or draws itself
SEALED = re.compile(r'bnutils\.seeds\(\s*"[0-9a-f]{64}"\s*\)')
LISTS = re.compile(r"^.*\b(?:SEEDS|DRAWS|TRAININGS)\b.* = .*$", re.MULTILINE)  # of seeds


def fewer_seeds(cell: Cell) -> Cell:
    """Let a lab's own trainings and draws have few seeds."""

    def cut(line: re.Match[str]) -> str:
        return re.sub(r"range\((\d+)\)", lambda n: f"range({min(SEEDS, int(n[1]))})", line[0])

    shorter = LISTS.sub(cut, cell.source)
    return replace(cell, source=SEALED.sub(rf"\g<0>[:{SEEDS}]", shorter))


def shortened() -> Any:
    """Make trainings by ``bnutils.compare`` short: few images, updates and seeds."""
    import bnutils
    from bnutils import datasets, results, tasks, training

    def load(name: str = "auto") -> Any:
        data = datasets.load("digits28" if name == "auto" else name)
        parts = {f"{xy}_{part}": getattr(data, f"{xy}_{part}") for xy in "xy" for part in PARTS}
        shorter = {key: part[: PARTS[key[2:]]] for key, part in parts.items()}
        return replace(data, **shorter, origins=data.origins[:0])

    def compare(arms: Any, data: Any, **given: Any) -> Any:
        seeds = tasks.seed_list(given.pop("seeds", 10))
        if given.get("updates"):
            given["updates"] = -(-given["updates"] // 50)
            given |= earlier(given.get("weights", False))
        if probes := given.get("probes"):
            given["probes"] = replace(probes, every=-(-probes.every // 50))
        return training.compare(arms, data, seeds=seeds[: -(-len(seeds) // 5)], **given)

    def earlier(weights: Any) -> dict[str, Any]:
        """As much earlier the weights that a lab wants to see on the way."""
        return {} if isinstance(weights, bool) else {"weights": {-(-at // 50) for at in weights}}

    def recorded(_: str, arms: Any, data: Any, measure: Any = None, **given: Any) -> Any:
        given = {key: given[key] for key in given.keys() - {"on", "train"}}
        trained = compare(arms, data, **given, weights=measure is not None)
        return results.with_measured(trained, measure)

    vars(bnutils).update(load=load, compare=compare, recorded=recorded)
    return bnutils
