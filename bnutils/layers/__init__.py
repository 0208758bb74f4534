"""Keras layers of the package's own, for what Keras has none.

They are layers like Keras' own: in any model, trained by ``fit``. The engine has a rule for each.
Keras is loaded when the first of them is asked for.

======================  ================================================================
:mod:`.parts`           batch normalisation that only centres, or only scales
:mod:`.ghost`           batch normalisation over parts of the batch
:mod:`.skipping`        a learned factor on a residual branch, 0 at first
:mod:`.noise`           noise whose distribution changes at every step
:mod:`.threefry`        random numbers that are a function of a key and a place
======================  ================================================================
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "ghost": ["GhostBatchNormalization", "ghost_moments"],
        "noise": ["ActivationNoise", "factors_and_shifts", "halves_of"],
        "parts": ["BatchCentering", "BatchScaling"],
        "skipping": ["SkipInit"],
    },
)
