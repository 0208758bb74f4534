"""A function, called in a process of its own: nothing that it sets up stays behind.

For what cannot be set twice in one process, such as the devices of TensorFlow.
"""

import os
import pickle
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bnutils.errors import ProcessError

ANSWER = "from bnutils.pieces.processes import answer; answer()"
QUESTION_FILE, ANSWER_FILE = "question.pickle", "answer.pickle"
SETTINGS = {
    "CUDA_VISIBLE_DEVICES": "-1",
    "KERAS_BACKEND": "tensorflow",
    "TF_CPP_MIN_LOG_LEVEL": "3",
}
"""Of its environment: the processor alone, and no words but those of an error."""


def in_a_process(timeout: float, function: Callable[..., Any], /, *arguments: Any) -> Any:
    """Return ``function(*arguments)``, computed by a Python of its own.

    Parameters
    ----------
    timeout : float
        Seconds, greater than 0, after which it is ended.
    function : callable
        Of a module, so that it has a name there.
    *arguments
        What it is called with; they and the result are pickled.

    Raises
    ------
    TimeoutError
        If it takes longer.
    ProcessError
        If it fails.
    """
    with TemporaryDirectory(prefix="bnutils-") as folder:
        Path(folder, QUESTION_FILE).write_bytes(pickle.dumps((function, arguments)))
        _wait(timeout, folder)
        return pickle.loads(Path(folder, ANSWER_FILE).read_bytes())


def answer() -> None:
    """Answer the question in the working folder: what the new process does."""
    function, arguments = pickle.loads(Path(QUESTION_FILE).read_bytes())
    Path(ANSWER_FILE).write_bytes(pickle.dumps(function(*arguments)))


def _wait(timeout: float, folder: str) -> None:
    """Run the process to its end, and say what went wrong in it."""
    command = [sys.executable, "-c", ANSWER]
    paths = os.pathsep.join(os.path.abspath(path) for path in sys.path)
    options: dict[str, Any] = {"capture_output": True, "text": True, "cwd": folder}
    environment = os.environ | SETTINGS | {"PYTHONPATH": paths}
    try:
        done = subprocess.run(command, env=environment, timeout=timeout, check=False, **options)
    except subprocess.TimeoutExpired:
        raise TimeoutError(
            f"The process of its own must end within {timeout:g} seconds; it did not, and was "
            "ended. If this machine is busy, give it more by `timeout`."
        ) from None
    if done.returncode:
        last = done.stderr.strip().rpartition("\n")[2] or "it said nothing"
        raise ProcessError(
            f"The process of its own must end well; it ended with {done.returncode}: {last}"
        )
