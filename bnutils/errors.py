"""The errors of the package: each message says the rule, the value received, what to do."""


class BnutilsError(Exception):
    """Base class of the errors that are this package's own."""


class DataError(BnutilsError):
    """A data set cannot be found, read or trusted."""


class KerasError(BnutilsError):
    """Keras cannot be imported."""


class StoreError(BnutilsError):
    """The folder of the store cannot be found, read or changed."""


class FindingMismatch(BnutilsError):  # noqa: N818 - a disagreement, not a malfunction
    """A measured effect disagrees with the committed record of the finding."""


class PredictionError(BnutilsError):
    """A prediction is not whole, or not the one that was measured."""


class UnsupportedLayer(BnutilsError):  # noqa: N818 - names what is unsupported
    """The engine has no rule for a layer of the model."""


class MemoryBudgetError(BnutilsError):
    """There is too little memory for what was asked."""


class StoreWarning(UserWarning):
    """A stored run is damaged or cannot be written; it is computed, now or next time."""


class DataWarning(UserWarning):
    """Data can be trained on, but are hardly what was meant."""


class SettingError(BnutilsError):
    """Training is not possible under a setting of the session."""


class ProcessError(BnutilsError):
    """A process that was started for a computation did not end well."""


class SettingWarning(UserWarning):
    """A setting of the session does not apply to training: the package's own does."""
