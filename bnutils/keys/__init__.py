"""What the result of a call hangs on, as a key: when it is the same, so is the result.

===================  ===================================================================
:mod:`.naming`       the key of a call, and what has none
:mod:`.describing`   values, functions and classes, with all that they refer to
:mod:`.references`   which names a function's code refers to
:mod:`.origins`      whether code is of a released package or one's own
===================  ===================================================================

Code of Python's own library and of installed packages is named by its version. All other code, that
of a notebook and this package's too, is described as it is loaded at that moment: its instructions
and constants, and whatever it refers to, as far as that goes. So an edited function has another
key, and one whose helper or global number was edited as well; after ``%autoreload`` too.
"""

from bnutils.keys.describing import Unnameable
from bnutils.keys.naming import key_of_call, made, randomness

__all__ = ["Unnameable", "key_of_call", "made", "randomness"]
