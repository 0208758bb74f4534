"""The results as a page: every table and sentence is made from results.json."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from math import isfinite
from typing import Any

from benchmarks import cost, expected
from benchmarks.jobs import ENGINE, KERAS, LINES
from benchmarks.pace import BATCH, BATCH_NORM, PLAIN, WIDTH
from benchmarks.records import Record, Results, ratio

Rows = Iterable[Sequence[str]]
HEAD = """\
<!-- Written by `make bench` from results.json; edit benchmarks/report.py instead. -->

# What was measured
"""
QUICK = """\
**These numbers mean nothing.** They come from a trial with tiny sizes (`--quick`), which shows
that the benchmarks run. `make bench` measures.
"""
ALTERNATIVE = (
    "Four panels: seconds for the experiments of two labs; seconds per epoch and seed; "
    "milliseconds per update and seed against depth; the same against width. The tables below "
    "hold the numbers."
)
# No matter of chance, or too long to repeat.
ONCE = ("accuracy", "pace", "cost", "footprint", "rounding", "sameness", "labs", "book")


def write(results: Results) -> str:
    """The report in Markdown."""
    trial = [] if _is_full(results) else [QUICK]
    parts = [_part(name, results) for name in PARTS]
    return "\n".join([HEAD, *trial, _machine(results), f"![{ALTERNATIVE}](report.svg)\n", *parts])


def _part(name: str, results: Results) -> str:
    """A section, or its title alone: other pages may point at it."""
    text = PARTS[name](results)
    if not results.of(name):
        return f"{text.splitlines()[0]}\n\nNot measured.\n"
    if name not in results.elsewhere:
        return text
    title, rest = text.split("\n\n", 1)
    when = results.dates[name]
    return f"{title}\n\n*On {_described(results.machine_of(name))}, on {when}.*\n\n{rest}"


def _is_full(results: Results) -> bool:
    """Whether whole data sets were used."""
    return results.sizes.get("examples") is None


# ---- sections -----------------------------------------------------------------------------
def _machine(results: Results) -> str:
    here = {name: date for name, date in results.dates.items() if name not in results.elsewhere}
    dates = sorted(set(here.values()))
    return (
        f"Machine: {_described(results.machine)}; a section that was measured on another one says "
        f"so. Measured on {' and '.join(dates) or 'no day'} (load: processes that were "
        "waiting for a core when the run began). Contestants took turns, each in a process of "
        f"its own, {_turns(results)}; given are medians, with the "
        "smallest and the largest value in brackets where they matter.\n"
    )


def _described(machine: Mapping[str, Any]) -> str:
    """A machine and its packages in words."""
    packages = ", ".join(f"{name} {number}" for name, number in machine["packages"].items())
    ram = f", {machine['memory']} GiB of memory" if machine["memory"] else ""
    system = f"{machine['system']}, Python {machine['python']}"
    return f"{machine['cpu']}, {machine['cores']} cores{ram}, {system}, {packages}"


def _turns(results: Results) -> str:
    """How often each measurement was repeated."""
    complete = [r for r in results.records if r.values and not r.problem]
    counts = [len(v) for r in complete if r.benchmark not in ONCE for v in r.values.values()]
    fewest, most = min(counts, default=0), max(counts, default=0)
    if fewest == most:
        return "once" if most == 1 else f"{most} times"
    return f"between {fewest} and {most} times"


def _textbook(results: Results) -> str:
    keras = results.find("textbook", KERAS, seeds=1)
    rows = [
        [
            _textbook_name(r),
            _spread(r, "work"),
            _times(keras, r, "work"),
            _spread(r, "process"),
            _times(keras, r, "process"),
        ]
        for r in results.of("textbook")
    ]
    header = ["trained with", "training (s)", "Keras takes", "whole process (s)", "Keras, whole"]
    one, ten = (results.find("textbook", ENGINE, seeds=n, shared=True) for n in (1, 10))
    sentence = (
        f"One seed: `compare` took {number(one.median('work'))} s, and plain Keras "
        f"{_times(keras, one, 'work')} as long. Ten seeds: `compare` took "
        f"{number(ten.median('work'))} s, and plain Keras, for one seed, "
        f"{_times(keras, ten, 'work')} as long. The whole process also imports TensorFlow, which "
        "takes both the same time, and loads the data."
    )
    return _section(
        "The experiments of two labs",
        "Both trainings of *With and without* and the three of *Batch size*, "
        f"{_count(results.sizes.get('epochs'), 'epoch')} each, validated after every epoch. One "
        "training belongs to both, and a reader of the book finds it in the store the second time; "
        "*nothing shared* trains it twice, as the plain script does.",
        table(header, rows),
        sentence,
        *_notes(results, "textbook"),
    )


def _textbook_name(record: Record) -> str:
    seeds = record.setting["seeds"]
    words = f"{record.contestant}, {_count(seeds, 'seed')}"
    return words if record.setting.get("shared", True) else f"{words}, nothing shared"


def _profile(results: Results) -> str:
    columns = ["work", "compile", "steps", "evaluate", "rest"]
    rows = [
        [str(r.setting["batch"]), *(number(r.median(column)) for column in columns)]
        for r in results.of("profile")
    ]
    header = ["batch", "all (s)", "compiling (s)", "updates (s)", "evaluation (s)", "rest (s)"]
    return _section(
        "Where the time of one seed goes",
        "One arm with batch normalisation, one seed, "
        f"{_count(results.sizes.get('epochs'), 'epoch')}, after TensorFlow's own start. Compiling "
        "does not depend on the length of a training, and is shared by all seeds of an arm: it is "
        "why one seed gains less over Keras in a short training than in a long one. The rest is "
        "the model, the order of the data, the masks, and the store.",
        table(header, rows),
        *_notes(results, "profile"),
    )


def _step(results: Results) -> str:
    columns = ["whole", "products", "adam", "rest", "speed", "best"]
    rows = [
        [str(r.setting["batch"]), *(number(r.median(column)) for column in columns)]
        for r in results.of("step")
    ]
    header = [
        "batch", "step (µs)", "products (µs)", "Adam (µs)", "rest (µs)", "products (10⁹/s)",
        "best (10⁹/s)",
    ]  # fmt: skip
    shares = [
        f"{r.median('products') / r.median('whole'):.0%} at batch {r.setting['batch']}"
        for r in results.of("step")
        if r.values
    ]
    return _section(
        "What a step is made of",
        "Microseconds of one core per step and seed, five seeds side by side, in a network with "
        "one hidden layer of 128 units. *Products*: the two large matrix products, input times "
        "kernel and input times gradient, with the choice of the images. *Adam*: its pass over "
        "the kernel alone. The last two columns are operations per second: of those products, and "
        "of a single large product, which is the best that this core can do.",
        table(header, rows),
        f"The products are {', '.join(shares)}: a step is bound by arithmetic, and then by the "
        "memory that Adam passes over."
        if shares
        else "",
        *_notes(results, "step"),
    )


def _epoch(results: Results) -> str:
    records = results.of("epoch")
    batches = _settings(records, "batch")
    seeds = _settings([r for r in records if r.contestant == ENGINE], "seeds")
    lines = [line for line in LINES if any(r.contestant == line and r.values for r in records)]
    columns = [(KERAS, 1), *((ENGINE, n) for n in seeds), *((line, 1) for line in lines)]
    names = [KERAS, *(_count(n, "seed") for n in seeds), *lines]

    def rows(quantity: str) -> Rows:
        for batch in batches:
            found = [results.find("epoch", who, batch=batch, seeds=n) for who, n in columns]
            yield [str(batch), *(number(record.median(quantity)) for record in found)]

    return _section(
        "One epoch",
        "Seconds per epoch *and seed*, with validation, after compilation; the columns with a "
        "number of seeds are `compare`'s.",
        table(["batch", *names], rows("epoch")),
        "What a training costs besides, in seconds: the model, compiling, testing.",
        table(["batch", *names], rows("fixed")),
        *_against_lines(results, lines),
        *_notes(results, "epoch"),
    )


def _against_lines(results: Results, lines: Sequence[str]) -> list[str]:
    """The engine at ten seeds against one model of each line, batch 32."""
    ten = results.find("epoch", ENGINE, batch=32, seeds=10)
    others = [(line, results.find("epoch", line, batch=32, seeds=1)) for line in [KERAS, *lines]]
    words = [
        f"{number(ratio(ten, other, 'epoch'))} of that of {line} {other.setting.get('version', '')}"
        for line, other in others
    ]
    listed = ", ".join(word.rstrip() for word in words)
    return [f"At batch 32 the cost of a seed among ten is {listed} for one model."]


def _growth(results: Results) -> str:
    tables = []
    for axis, words in AXES.items():
        records = [r for r in results.of("growth") if r.setting["axis"] == axis]
        values = [
            [str(r.setting["value"]), number(r.median("update")), number(r.median("fixed"))]
            for r in records
        ]
        header = [words, "per update and seed (ms)", "fixed cost (s)"]
        tables += [table(header, values)] if records else []
    return _section(
        "How the cost grows",
        "Batch 32, batch normalisation and dropout in every hidden layer. Depth counts hidden "
        "layers of 128 units, width is that of a single one; both with ten seeds.",
        *tables,
        *_notes(results, "growth"),
    )


AXES = {"seeds": "seeds", "depth": "hidden layers", "width": "units"}


def _pace(results: Results) -> str:
    rows = [
        [
            f"{r.setting['depth']} layers, {OPTIMIZERS[r.setting['optimizer']]}",
            *(number(r.median(name)) for name in (PLAIN, BATCH_NORM)),
            f"{number(r.median('ratio'))} ({number(r.median('low'))}–{number(r.median('high'))})",
        ]
        for r in results.of("pace")
        if r.values
    ]
    turns = max((r.median("turns") for r in results.of("pace") if r.values), default=0)
    text = (
        f"Plain Keras' `fit`, {WIDTH} units a layer, batch {BATCH}, on `digits`: milliseconds of "
        f"an update after compilation. Both networks take turns in one process, {turns:.0f} of "
        "them; the ratio is the median of the turns, with the smallest and the largest."
    )
    header = ["network", "without (ms)", "with batch norm (ms)", "ratio"]
    shown = table(header, rows)
    return _section("An update with the layer", text, shown, *_notes(results, "pace"))


OPTIMIZERS = {"sgd": "SGD", "adam": "Adam"}


def _cost(results: Results) -> str:
    measured = [r for r in results.of("cost") if r.values]
    names = {"train": (cost.BATCH, cost.LAYER), "predict": (cost.BATCH, cost.LAYER, cost.FOLDED)}
    tables = []
    for work, contestants in names.items():
        header = [LAYERS_COST[work], "without (ms)", *(COSTING[name] for name in contestants)]
        rows = [
            [
                _cost_name(r),
                number(r.median(f"{work}-{cost.PLAIN}")),
                *(_band(r, f"{work}-{name}") for name in contestants),
            ]
            for r in measured
        ]
        tables.append(table(header, rows))
    turns = max((r.median("turns") for r in measured), default=0)
    text = (
        "Plain Keras with SGD, on noise of 8 x 8 numbers for dense layers and of 28 x 28 for "
        "convolutions with stride 2: milliseconds of a step without normalisation, and how many "
        "times as long it takes with it. All networks take turns in one process, "
        f"{turns:.0f} of them; given is the median of the turns, with the smallest and the "
        "largest. A turn is one call of a compiled program. Folding changed no probability by more "
        f"than {_folding(measured)}."
    )
    return _section(
        "Cost of the layer: time",
        text,
        *tables,
        *_expected(results, "cost"),
        *_notes(results, "cost"),
    )


def _folding(measured: Iterable[Record]) -> str:
    """The largest change of a probability; in batches of one rounding is another matter."""
    found: dict[bool, float] = {}
    for record in measured:
        single = record.setting["batch"] == 1
        found[single] = max(found.get(single, 0.0), record.median("difference"))
    most = _tiny(found.get(False, float("nan")))
    if True not in found:
        return most
    return (
        f"{most}, but for batches of one by {_tiny(found[True])}: moving variances run towards "
        "zero there, and the folded kernels become large"
    )


LAYERS_COST = {"train": "a training step", "predict": "a prediction"}
COSTING = {
    cost.BATCH: "with batch norm",
    cost.LAYER: "with layer norm",
    cost.FOLDED: "batch norm, folded",
}


def _cost_name(record: Record) -> str:
    size = record.setting
    layers = _count(size["depth"], "layer" if size["kind"] == "dense" else "convolution")
    return f"{layers} of {size['width']}, batch {size['batch']}"


def _band(record: Record, quantity: str) -> str:
    """A ratio with the smallest and the largest of its turns."""
    middle, low, high = (number(record.median(f"{quantity}-{k}")) for k in ("ratio", "low", "high"))
    return f"{middle} ({low}–{high})"


def _footprint(results: Results) -> str:
    rows = [
        [
            f"{KINDS[r.setting['kind']]}, {PROGRAMS[r.setting['compiled']]}, "
            f"{NORM_WORDS[r.setting['norm']]}",
            _spread(r, "step"),
            *(number(r.median(name)) for name in ("kept", "trained", "state")),
        ]
        for r in results.of("footprint")
        if r.values
    ]
    header = ["network", "a step (MiB)", "kept, by shapes (MiB)", "trained numbers", "state"]
    text = (
        "Peak memory of a process in one step of `train_on_batch` on thousands of images, minus "
        "what it had after a step on a few; beside it what the backward pass needs of "
        "activations, from the shapes alone, and how many numbers are trained or kept as state."
    )
    return _section(
        "Cost of the layer: memory",
        text,
        table(header, rows),
        *_expected(results, "footprint"),
        *_notes(results, "footprint"),
    )


KINDS = {"dense": "Dense", "conv": "Convolutions"}
PROGRAMS = {True: "compiled by XLA", False: "not compiled"}
NORM_WORDS = {"plain": "without", "batch": "with batch norm"}


def _expected(results: Results, benchmark: str) -> list[str]:
    """What was expected of a benchmark, beside what came out."""
    rows = [
        [one.claim, number(one.value(results)), one.verdict(results)]
        for one in expected.EXPECTED
        if one.benchmark == benchmark
    ]
    return [
        "Expected before the run (`benchmarks/expected.py`), and what came out:",
        table(["expected", "measured", "it"], rows),
    ]


def _start(results: Results) -> str:
    rows = [
        [
            r.contestant,
            _spread(r, "work"),
            _spread(r, "process"),
            number(r.median("data")),
            _yes_no(r, "tensorflow"),
        ]
        for r in results.of("start")
    ]
    header = [
        "in a fresh process",
        "takes (s)",
        "whole process (s)",
        "loading data (s)",
        "loads TensorFlow",
    ]
    words = "Loading the data, with its checksum, is part of the whole process, not of the call."
    return _section("Start", table(header, rows), words, *_notes(results, "start"))


def _memory(results: Results) -> str:
    rows = [
        [str(r.setting["seeds"]), _spread(r, "memory"), _spread(r, "work")]
        for r in results.of("memory")
    ]
    text = f"`compare` on `digits`, {results.sizes.get('many_updates')} updates."
    header = ["seeds", "peak memory (MiB)", "takes (s)"]
    return _section("Memory", text, table(header, rows), *_notes(results, "memory"))


def _accuracy(results: Results) -> str:
    rows = [
        [
            r.contestant,
            number(r.median("ours")),
            number(r.median("plain")),
            f"{r.median('difference'):+.2f} ({r.median('low'):+.2f} to {r.median('high'):+.2f})",
            "yes" if r.median("low") <= 0 <= r.median("high") else "no",
        ]
        for r in results.of("accuracy")
        if r.values
    ]
    header = ["network", "engine (%)", "Keras fit (%)", "difference (points)", "zero inside"]
    return _section(
        "Equal accuracy",
        f"Test accuracy on `digits`, {results.sizes.get('pairs')} seeds, "
        f"{results.sizes.get('pair_epochs')} epochs: the engine minus Keras' `fit`, seed by seed, "
        "with the 95 % interval of the mean. Two equal engines miss zero in one of twenty such "
        "tables. Weights and data order of a pair are the same, dropout masks are not.",
        table(header, rows),
        *_notes(results, "accuracy"),
    )


def _rounding(results: Results) -> str:
    rows = [
        [f"`{r.contestant}`", _tiny(r.median("repeated")), _tiny(r.median("grouped"))]
        for r in results.of("rounding")
        if r.values
    ]
    header = ["network", "same call again", "one seed alone and among ten"]
    text = (
        "Largest difference of the training loss of one seed, a mean over ten updates, within "
        "the first 100 updates on `digits`."
    )
    return _section("Equal numbers", text, table(header, rows), *_notes(results, "rounding"))


def _sameness(results: Results) -> str:
    rows = [
        [
            r.contestant,
            f"{r.median('equal'):.0f} of {r.median('runs'):.0f}",
            *(f"{r.median(name):.3f}" for name in ("median", "largest", "mean")),
        ]
        for r in results.of("sameness")
        if r.values
    ]
    header = ["again, but", "equal to the last bit", "median", "largest", "mean over seeds"]
    text = (
        "The first lab's comparison on `digits28`, "
        f"{_count(results.sizes.get('epochs'), 'epoch')}, and the same under other circumstances, "
        "run by run: how many runs have the same curves to the last bit, and by how many points "
        "test accuracies differ; last, the larger of the two arms' mean over all seeds. *An older "
        "processor* has no AVX: its instructions are those of SSE4.2."
    )
    shown = table(header, rows)
    return _section("The same call elsewhere", text, shown, *_notes(results, "sameness"))


def _labs(results: Results) -> str:
    records = results.of("labs")
    rows = []
    for slug, data in dict.fromkeys((r.contestant, r.setting["data"]) for r in records):
        one, every = (
            results.find("labs", slug, data=data, cores=cores).median("memory")
            for cores in (1, None)
        )
        rows.append([f"`{slug}`", _lab_data(records, slug, data), number(one), number(every)])
    cores = results.machine_of("labs")["cores"]
    header = ["lab", "data", "on one core (MiB)", f"on {cores} cores (MiB)"]
    text = (
        "Peak memory of a lab's kernel, all cells run in their order with an empty store. Jupyter "
        "itself comes on top of it."
    )
    return _section("Memory of the labs", text, table(header, rows), *_notes(results, "labs"))


def _lab_data(records: Iterable[Record], slug: str, data: str) -> str:
    """On which data a lab was run: its own, or which of those that it can choose from."""
    chooses = any(r.contestant == slug and r.setting["data"] for r in records)
    return data or ("MNIST, where it is found" if chooses else "its own")


def _probes(results: Results) -> str:
    base = results.find("probes", "without probes")
    rows = [
        [r.contestant, _spread(r, "epoch"), number(ratio(r, base, "epoch"))]
        for r in results.of("probes")
        if not r.skipped
    ]
    shown = [table(["readings", "per epoch and seed (s)", "ratio"], rows)] if rows else []
    text = "The network with batch normalisation, batch 32, ten seeds, without compilation."
    return _section("Probes", text, *shown, *_notes(results, "probes"))


def _book(results: Results) -> str:
    rows = [[r.contestant, number(r.median("work") / 60)] for r in results.of("book")]
    text = "All experiments and pages, in a fresh copy, and again with nothing changed."
    shown = table(["build", "minutes"], rows)
    return _section("The whole book", text, shown, *_notes(results, "book"))


PARTS: dict[str, Callable[[Results], str]] = {
    "textbook": _textbook,
    "profile": _profile,
    "step": _step,
    "epoch": _epoch,
    "growth": _growth,
    "pace": _pace,
    "cost": _cost,
    "footprint": _footprint,
    "start": _start,
    "memory": _memory,
    "labs": _labs,
    "accuracy": _accuracy,
    "rounding": _rounding,
    "sameness": _sameness,
    "probes": _probes,
    "book": _book,
}


# ---- form ---------------------------------------------------------------------------------
def _section(title: str, *paragraphs: str) -> str:
    return "\n\n".join([f"## {title}", *paragraphs]) + "\n"


def table(header: Sequence[str], rows: Rows) -> str:
    """A Markdown table, the first column to the left and numbers to the right."""
    ruler = [":---", *["---:"] * (len(header) - 1)]
    return "\n".join(f"| {' | '.join(row)} |" for row in [header, ruler, *rows])


def number(value: float) -> str:
    """Three digits, never an exponent; a dash for what was not measured."""
    if not isfinite(value):
        return "–"
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2 if abs(value) >= 1 else 3
    return f"{value:.{digits}f}"


def _tiny(value: float) -> str:
    return "0" if value == 0 else f"{value:.0e}"


def _spread(record: Record, quantity: str) -> str:
    """Median, and the range in brackets."""
    low, high = record.range(quantity)
    middle = number(record.median(quantity))
    return (
        middle if low == high or not isfinite(low) else f"{middle} ({number(low)}–{number(high)})"
    )


def _times(slow: Record, fast: Record, quantity: str) -> str:
    """How many times as long one takes."""
    return f"{number(ratio(slow, fast, quantity))} times"


def _yes_no(record: Record, quantity: str) -> str:
    value = record.median(quantity)
    return "–" if not isfinite(value) else "yes" if value else "no"


def _count(number_of: object, noun: str) -> str:
    return f"{number_of} {noun}" if number_of == 1 else f"{number_of} {noun}s"


def _settings(records: Iterable[Record], name: str) -> list[int]:
    return sorted({int(record.setting[name]) for record in records})


def _notes(results: Results, benchmark: str) -> list[str]:
    """What failed and what was left out, and why."""
    reasons = {
        f"{r.contestant}: {r.problem or r.skipped}": None
        for r in results.of(benchmark)
        if r.problem or r.skipped
    }
    notes = [f"Not measured, or not always: {'; '.join(reasons)}."] if reasons else []
    remark = REMARKS.get((benchmark, results.dates.get(benchmark, "")))
    return [*notes, remark] if remark else notes


REMARKS = {  # what was not as it should be in a run, by benchmark and date
    ("cost", "2026-12-01, load 8.15"): (
        "For about a minute of this section a notebook ran beside it; which settings that minute "
        "fell on was not noted. Each setting was measured in one process only. The load of "
        "8.15 is an average of the time before the run, when other work was still going on."
    ),
    ("footprint", "2026-12-01, load 8.15"): (
        "Medians of two processes. What was expected of memory was written after a trial on a "
        "busy machine that had shown such numbers."
    ),
}
