"""The same network in PyTorch, an ordinary loop over the batches: a reference line, one model.

``python line_torch.py data.npz 32 5``: the file with the arrays, batch size, epochs. It needs
PyTorch and NumPy, nothing else, so that it can run in an environment of its own.
"""

import json
import sys
import time
from typing import Any

import numpy as np
import torch
from torch import nn

UNITS, CLASSES, RATE = 128, 10, 0.2


def network(features: int) -> Any:
    """PyTorch's momentum weights the new value: 0.01 here is Keras' 0.99."""
    return nn.Sequential(
        nn.Linear(features, UNITS),
        nn.BatchNorm1d(UNITS, eps=1e-3, momentum=0.01),
        nn.ReLU(),
        nn.Dropout(RATE),
        nn.Linear(UNITS, CLASSES),
    )


def epoch(model: Any, optimizer: Any, x: Any, y: Any, batch_size: int) -> tuple[float, int]:
    """All examples once, in a new order; mean loss and right answers, as ``fit`` reports."""
    model.train()
    total, hits = torch.zeros(()), torch.zeros((), dtype=torch.int64)
    for rows in torch.randperm(len(x)).split(batch_size):
        optimizer.zero_grad()
        scores = model(x[rows])
        loss = nn.functional.cross_entropy(scores, y[rows])
        loss.backward()
        optimizer.step()
        total += loss.detach() * len(rows)
        hits += (scores.argmax(1) == y[rows]).sum()
    return float(total) / len(x), int(hits)


@torch.no_grad()
def accuracy(model: Any, x: Any, y: Any) -> float:
    """In inference mode."""
    model.eval()
    return float((model(x).argmax(1) == y).float().mean())


def main(path: str, batch_size: int, epochs: int) -> dict[str, float]:
    """Seconds for one epoch with validation, the first one apart."""
    torch.manual_seed(0)
    with np.load(path) as arrays:
        x, x_val = (torch.from_numpy(arrays[n].reshape(len(arrays[n]), -1)) for n in ("x", "x_val"))
        y, y_val = torch.from_numpy(arrays["y"]), torch.from_numpy(arrays["y_val"])
    model = network(x.shape[1])
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, eps=1e-7)
    seconds, right = [], 0.0
    for _ in range(epochs + 1):
        begun = time.perf_counter()
        epoch(model, optimizer, x, y, batch_size)
        right = accuracy(model, x_val, y_val)
        seconds.append(time.perf_counter() - begun)
    steady = sum(seconds[1:]) / epochs
    return {"epoch": steady, "fixed": seconds[0] - steady, "val_accuracy": right}


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))))
