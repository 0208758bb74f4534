"""A lab made short, so that hundreds of edits of it can be tried: less of all, but all of it.

A recorded comparison whose arms and budget are those that were recorded is read, as a reader gets
it; another one is trained.
"""

import re
from dataclasses import replace
from typing import Any

from bnutils.utils.chapters import recording_path
from tools import labs
from tools.lab_cells import Cell

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
    """Make trainings by ``bnutils.compare`` short: few updates and seeds, and no download."""
    import bnutils
    from bnutils import datasets, recordings, results, tasks, training

    def load(name: str = "auto") -> Any:
        return datasets.load("digits28" if name == "auto" else name)

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

    def recorded(name: str, arms: Any, data: Any, measure: Any = None, **given: Any) -> Any:
        given = {key: given[key] for key in given.keys() - {"on", "train"}}
        path = recording_path(labs.ROOT, f"{name}.{data.name}")
        kept = recordings.read_recording(path) if path.exists() else None
        if kept is not None:
            every = kept.final().index.tolist()  # fewer of them are no edit
            options = {key: given[key] for key in given.keys() - {"seeds"}}
            if not recordings.unlike(kept, recordings.setting_asked(arms, data, every, options)):
                return of_seeds(kept, tasks.seed_list(given["seeds"]))
        trained = compare(arms, data, **given, weights=measure is not None)
        return results.with_measured(trained, measure)

    def of_seeds(kept: Any, seeds: list[int]) -> Any:
        setting = kept.provenance["setting"] | {"seeds": seeds}
        runs = tuple(run for run in kept.runs if run.seed in seeds)
        return replace(kept, runs=runs, provenance={**kept.provenance, "setting": setting})

    vars(bnutils).update(load=load, compare=compare, recorded=recorded)
    return bnutils
