"""Finished runs on disk."""

from bnutils.errors import StoreWarning
from bnutils.store.directory import VARIABLE, Store, default_folder
from bnutils.store.inventory import Held

__all__ = ["VARIABLE", "Held", "Store", "StoreWarning", "default_folder"]
