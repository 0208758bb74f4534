"""Settings outside a task that could change its numbers, and what is done about each.

What somebody sets for a whole session, in ``keras.json`` or in the environment acts on every
training. So that finished runs can be trusted, each such setting is treated in one of three
ways, and this folder is the only place that says in which:

===================  ===================================================================
:mod:`.replaced`     training is done under the package's own value, with a warning, and
                     the session's is put back
:mod:`.filing`       it is part of what a run is filed under: runs made under another
                     value are not found
:mod:`.refusals`     there is no training under it; the error says what to do
:mod:`.loading`      the same for what must be settled before Keras is imported
===================  ===================================================================

The number of cores, the kind of processor, and which seeds are trained as a group are in none
of the three: they decide only in which order numbers are added up, and thereby the rounding.
"""

from bnutils.surroundings.filing import filed
from bnutils.surroundings.loading import import_keras
from bnutils.surroundings.refusals import refuse
from bnutils.surroundings.replaced import OURS, ours

__all__ = ["OURS", "filed", "import_keras", "ours", "refuse"]
