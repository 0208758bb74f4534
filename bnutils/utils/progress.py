"""The one kind of progress bar."""

import os
import sys
from collections.abc import Callable
from typing import Any

Tick = Callable[[int], object]  # told how many updates were done just now


def bar(progress: bool | None, **settings: Any) -> Any:
    """Return a tqdm bar that goes away when it is done.

    In a notebook it is written to the ordinary output, elsewhere to the error stream, which
    leaves the ordinary output to results.

    Parameters
    ----------
    progress : bool, optional
        Whether to show it; by default unless ``BNUTILS_PROGRESS=0``.
    **settings
        Of ``tqdm.tqdm``.
    """
    from tqdm import tqdm

    wanted = os.environ.get("BNUTILS_PROGRESS") != "0" if progress is None else progress
    stream = sys.stdout if "ipykernel" in sys.modules else sys.stderr
    return tqdm(leave=False, file=stream, disable=not wanted, **settings)
