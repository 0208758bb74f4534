"""Build the site and make sure that it is all there: ``python -m tools.build_book``."""

import argparse
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import yaml
from filelock import FileLock, Timeout

ROOT = Path(__file__).resolve().parents[1]
JUPYTER_BOOK = "from jupyter_book.cli.main import main; main()"
COMMAND = (sys.executable, "-c", JUPYTER_BOOK, "build", ".", "-W", "-n", "--keep-going")
LIMIT = 3600.0  # seconds; a build takes minutes


def main(root: Path = ROOT, command: Sequence[str] = COMMAND, limit: float = LIMIT) -> int:
    """Build, check, report; return the exit code."""
    started = time.monotonic()
    site = root / "_build" / "html"
    try:
        site.parent.mkdir(exist_ok=True)
        with FileLock(site.parent / ".lock", timeout=0):
            problem = build(root, command, limit)
    except Timeout:
        problem = f"Another build of {root} is running: wait for it to end."
    except OSError as reason:
        problem = (
            f"The checkout {root} must be a folder that you can write ({reason}): "
            "copy it to one of your own and build there."
        )
    if problem:
        print(problem, file=sys.stderr)
        return 1
    print(f"\n{site / 'index.html'}")
    print(f"{size(site) / 1e6:.0f} MB in {time.monotonic() - started:.0f} s")
    return 0


def build(root: Path, command: Sequence[str], limit: float) -> str:
    """Run the build; return what is wrong, or ''.

    A build that does not end leaves its mark, and the next one then reads every page again.
    """
    unfinished = root / "_build" / ".unfinished"
    if unfinished.exists():
        print("The last build did not end: reading every page again.", flush=True)
        shutil.rmtree(root / "_build" / ".doctrees", ignore_errors=True)
    unfinished.touch()
    print("Running every experiment and building the pages ...", flush=True)
    ended = run(command, root, limit)
    missing = [page for page in expected_pages(root) if not page.is_file()]
    if ended or missing:
        pages = "".join(f"Missing page: {page.relative_to(root)}\n" for page in missing)
        return f"{pages}{ended}The book was not built: see the first WARNING or ERROR above."
    unfinished.unlink()
    return ""


def run(command: Sequence[str], root: Path, limit: float) -> str:
    """Run a command with all that it starts, within a time limit; return what is wrong, or ''."""
    process = subprocess.Popen(command, cwd=root, env=environment(root), start_new_session=True)
    try:
        code = process.wait(limit)
    except (subprocess.TimeoutExpired, KeyboardInterrupt) as reason:
        end(process)
        interrupted = isinstance(reason, KeyboardInterrupt)
        return "Interrupted.\n" if interrupted else f"Stopped after {limit:.0f} s.\n"
    return f"The build ended with exit code {code}.\n" if code else ""


def end(process: subprocess.Popen[bytes]) -> None:
    """End a process and its kernels."""
    if os.name == "posix":
        os.killpg(process.pid, signal.SIGTERM)
    else:
        process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def environment(root: Path) -> dict[str, str]:
    """The environment of the build: quiet kernels, strict findings, results in the checkout."""
    own = {
        "BNUTILS_FINDINGS": "check",  # a finding that is not its record's is an error
        "BNUTILS_PROGRESS": "0",
        "BNUTILS_STORE": str(root / "_build" / "runs"),
        "OPENBLAS_NUM_THREADS": "1",  # NumPy's products here are too small to share
        "TF_CPP_MIN_LOG_LEVEL": "1",
    }
    if not has_home():  # Keras would take /tmp/.keras, where anybody may have put settings
        own["KERAS_HOME"] = str(root / "_build" / "keras")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    return {**own, **os.environ, "PATH": path}


def has_home() -> bool:
    """Whether Keras can keep its settings and data in a home folder, or has done so."""
    try:
        home = Path.home()
    except RuntimeError:
        return False
    return os.access(home, os.W_OK) or (home / ".keras").is_dir()


def expected_pages(root: Path) -> list[Path]:
    """The page of every entry in the table of contents, and the site's entrance."""
    site = root / "_build" / "html"
    contents = yaml.safe_load((root / "_toc.yml").read_text("utf-8"))
    return [site / "index.html", *(site / f"{name}.html" for name in files(contents))]


def files(entry: object) -> list[str]:
    """All names under ``file`` and ``root`` in a table of contents."""
    if isinstance(entry, list):
        return [name for part in entry for name in files(part)]
    if not isinstance(entry, dict):
        return []
    own = [entry[key] for key in ("root", "file") if key in entry]
    return own + [name for value in entry.values() for name in files(value)]


def size(folder: Path) -> int:
    """Bytes of all files below a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


if __name__ == "__main__":
    argparse.ArgumentParser("python -m tools.build_book", description=__doc__).parse_args()
    raise SystemExit(main())
