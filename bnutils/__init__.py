"""Batch normalisation to read, run and test: the helper package of the course.

The public names are listed in ``__init__.pyi``, each with the module that defines it. A
module is loaded when one of its names is first used, so ``import bnutils`` is quick and
leaves TensorFlow alone.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)

__version__ = "0.1.0"
