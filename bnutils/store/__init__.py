"""Finished runs, kept so that none is computed twice.

=====================  ===================================================================
:mod:`.base`           what a store is; in memory, and read only
:mod:`.directory`      a folder of files: the one that is used by default
:mod:`.identity`       what a run is filed under
:mod:`.entries`        the files: one for each group of seeds that were trained together
:mod:`.experiments`    the files of what functions computed
:mod:`.plain`          numbers, texts and arrays as such a file holds them
:mod:`.checksums`      content that can be trusted when it is read again
:mod:`.limit`          the bounded size: when it is measured, and what has to go
:mod:`.inventory`      what the folder holds, and which of it can still be used
=====================  ===================================================================
"""

from bnutils.errors import StoreError, StoreWarning
from bnutils.store.base import BaseStore, MemoryStore, ReadOnlyStore
from bnutils.store.directory import VARIABLE, Store, default_folder, default_store, opened
from bnutils.store.inventory import Held

__all__ = [
    "VARIABLE",
    "BaseStore",
    "Held",
    "MemoryStore",
    "ReadOnlyStore",
    "Store",
    "StoreError",
    "StoreWarning",
    "default_folder",
    "default_store",
    "opened",
]
