"""Where numbers come from."""

from typing import Any

from bnutils.datasets import Dataset
from bnutils.utils.versions import versions


def provenance(data: Dataset) -> dict[str, Any]:
    """Return where numbers come from: name, source and checksum of the data, and the versions."""
    source = {"name": data.name, "source": data.source, "checksum": data.checksum}
    return {"data": source, "versions": versions()}
