"""Build the site and make sure that it is all there: ``python -m tools.build_book``."""

import os
import subprocess
import sys
import time
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[1]
SITE = ROOT / "_build" / "html"
LIMIT = 3600  # seconds; a build takes minutes


def main() -> int:
    """Build, check, report; return the exit code."""
    started = time.monotonic()
    command = [sys.executable, "-m", "jupyter_book.cli.main", "build", ".", "-W", "-n"]
    print("Running every experiment and building the pages ...", flush=True)
    try:
        built = subprocess.run(
            [*command, "--keep-going"], cwd=ROOT, timeout=LIMIT, env=environment(), check=False
        )
    except subprocess.TimeoutExpired:
        print(f"The build was stopped after {LIMIT} s.", file=sys.stderr)
        return 1
    missing = [page for page in expected_pages() if not page.is_file()]
    for page in missing:
        print(f"Missing page: {page.relative_to(ROOT)}", file=sys.stderr)
    if built.returncode or missing:
        print("The book was not built: see the first WARNING or ERROR above.", file=sys.stderr)
        return 1
    print(f"\n{SITE / 'index.html'}")
    print(f"{size(SITE) / 1e6:.0f} MB in {time.monotonic() - started:.0f} s")
    return 0


def environment() -> dict[str, str]:
    """The environment of the build: quiet kernels that use this Python's tools."""
    quiet = {"BNUTILS_PROGRESS": "0", "TF_CPP_MIN_LOG_LEVEL": "1"}
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    return {**quiet, **os.environ, "PATH": path}


def expected_pages() -> list[Path]:
    """The page of every entry in the table of contents, and the site's entrance."""
    contents = yaml.safe_load((ROOT / "_toc.yml").read_text("utf-8"))
    return [SITE / "index.html", *(SITE / f"{name}.html" for name in files(contents))]


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
    raise SystemExit(main())
