"""Write a chapter's questions in the form that the ``jupyterquiz`` package displays.

For teachers who want the questions inside a notebook of their own::

    python tools/quiz_export.py the-transform > the-transform.json

and in the notebook, where ``jupyterquiz`` is installed, ``display_quiz("the-transform.json")``.
"""

import argparse
import subprocess
import sys
from pathlib import Path

EXTENSION = Path(__file__).resolve().parents[1] / "book" / "_ext"


def main(arguments: list[str]) -> int:
    """Let the site's extension write the questions, from the folder where it is found."""
    parser = argparse.ArgumentParser("python tools/quiz_export.py", description=__doc__)
    parser.add_argument("slug", metavar="SLUG", help="of the chapter, such as the-transform")
    slug = parser.parse_args(arguments).slug
    command = [sys.executable, "-m", "bnsite.quizzes.export", slug]
    return subprocess.run(command, cwd=EXTENSION, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
