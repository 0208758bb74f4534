"""The labs' kernels speak with the build in cipher, where Jupyter can.

Otherwise each of them prints a notice of several lines that it does not. Jupyter's setting for it
does not reach the kernels of a build by itself, since jupyter-cache starts them without any.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import zmq
from jupyter_cache.executors import utils
from jupyter_client.manager import KernelManager
from nbclient import execute
from traitlets.config import Config

if TYPE_CHECKING:
    from sphinx.application import Sphinx

SETTING = "transport_encryption"


def config() -> Config:
    """What the kernels are started with; nothing where Jupyter does not know the setting."""
    known = SETTING in KernelManager.class_trait_names() and zmq.has("curve")
    return Config({"KernelManager": {SETTING: "auto"}} if known else {})


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect the component."""
    utils.executenb = partial(execute, config=config())
    return {"parallel_read_safe": True, "parallel_write_safe": True}
