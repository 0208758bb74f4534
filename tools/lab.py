"""Open a chapter's lab in JupyterLab: ``python -m tools.lab SLUG``.

Without a slug it lists them. The kernel has the environment of `make book`, so what the book has
trained is not trained again; but findings only state what differs from their records, since a lab
is opened to change it.
"""

import argparse
import os
from collections.abc import Callable, Sequence
from pathlib import Path

from tools import labs
from tools.build_book import environment

Launch = Callable[[list[str]], object]
CIPHER = "transport_encryption"


def main(arguments: Sequence[str], root: Path = labs.ROOT, launch: Launch | None = None) -> int:
    """Open the lab named, or list the labs; return the exit code."""
    parser = argparse.ArgumentParser("python -m tools.lab", description=__doc__)
    parser.add_argument("slugs", nargs="*", metavar="SLUG", help="chapters whose labs to open")
    slugs = parser.parse_args(arguments).slugs
    if not slugs:
        print(f"Name a lab, as in `make lab LAB=...`:\n{labs.listing(labs.every(root))}")
        return 0
    paths = labs.named(slugs, root)
    findings = os.environ.get("BNUTILS_FINDINGS", "state")
    # A person looks on: bars are shown.
    own = {"BNUTILS_PROGRESS": "1", "BNUTILS_FINDINGS": findings}
    os.environ.update({**environment(root), **own})
    (launch or jupyterlab)([f"--ServerApp.root_dir={root}", *map(str, paths)])
    return 0


def jupyterlab(arguments: list[str]) -> None:
    """Start JupyterLab in this process, which lasts until it is stopped."""
    from jupyterlab.labapp import main as launch

    launch([*in_cipher(), *arguments])


def in_cipher() -> list[str]:
    """Let JupyterLab and its kernels speak in cipher, where they can.

    Otherwise each kernel prints a notice of several lines that they do not, as in a build
    (``bnsite.kernels``).
    """
    import zmq
    from jupyter_server.services.kernels.kernelmanager import MappingKernelManager

    known = CIPHER in MappingKernelManager.class_trait_names() and zmq.has("curve")
    return [f"--MappingKernelManager.{CIPHER}=auto"] if known else []


if __name__ == "__main__":
    raise SystemExit(labs.command(main))
