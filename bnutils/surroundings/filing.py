"""Settings that cannot be put back: runs are filed under them."""

import os
import sys
from collections.abc import Mapping
from functools import cache
from typing import Any

# Variables that TensorFlow, XLA, oneDNN, NumPy and Keras read; a name that is not known to be
# harmless is filed: at worst something is trained once more.
PREFIXES = ("TF_", "XLA_", "ONEDNN_", "DNNL_", "MKLDNN_", "ITEX_", "NPY_", "KERAS_")
HARMLESS = {
    "KERAS_BACKEND", "KERAS_HOME", "KERAS_MAX_EPOCHS", "KERAS_MAX_STEPS_PER_EPOCH",
    "TF_CPP_MIN_LOG_LEVEL", "TF_CPP_MAX_VLOG_LEVEL", "TF_CPP_VMODULE", "TF_CPP_LOG_THREAD_ID",
    "TF_USE_LEGACY_KERAS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS",
    "TF_FORCE_GPU_ALLOW_GROWTH", "TF_GPU_ALLOCATOR", "ONEDNN_VERBOSE", "DNNL_VERBOSE",
}  # fmt: skip
TERRAFORM = ("TF_CLI_", "TF_VAR_", "TF_TOKEN_", "TF_LOG")  # begins alike
# Switches of TensorFlow's graph optimiser that are off unless somebody turns them on.
OFF = (
    "disable_model_pruning", "disable_meta_optimizer", "auto_mixed_precision",
    "auto_mixed_precision_mkl", "auto_mixed_precision_onednn_bfloat16", "debug_stripper",
)  # fmt: skip


def filed() -> dict[str, Any]:
    """Return what a run is filed under besides its task: settings that cannot be put back.

    Only what is unusual: ordinarily this is empty. TensorFlow is not loaded for it.
    """
    now = _variables()
    found: dict[str, Any] = {"environment": now, "tensorflow": _tensorflow_settings()}
    if "tensorflow" in sys.modules and at_start() != now:
        found["environment at start"] = at_start()
    return {name: value for name, value in found.items() if value}


@cache
def at_start() -> Mapping[str, str]:
    """Return the variables when TensorFlow was loaded, as far as that was done here."""
    return _variables()


def _variables() -> dict[str, str]:
    """The environment's variables that numbers may depend on."""
    return {
        name: value
        for name, value in sorted(os.environ.items())
        if name.startswith(PREFIXES) and name not in HARMLESS and not name.startswith(TERRAFORM)
    }


def _tensorflow_settings() -> dict[str, Any]:
    """What was switched in TensorFlow, if it is loaded, and differs from the usual."""
    tf = sys.modules.get("tensorflow")
    if tf is None or not hasattr(tf, "config"):
        return {}
    from tensorflow.python.framework import config  # nothing public tells it

    options = tf.config.optimizer.get_experimental_options()
    found = {name: value for name, value in options.items() if value or name not in OFF}
    switches = {
        "jit": tf.config.optimizer.get_jit(),
        "deterministic": config.is_op_determinism_enabled(),
    }
    return {**found, **{name: value for name, value in switches.items() if value}}
