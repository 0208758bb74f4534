"""How a kernel before a normalisation grows and turns, if its gradient keeps its strength."""

import numpy as np

from bnutils.reference.arguments import Array
from bnutils.utils.validation import at_least, not_negative, positive

MOST = 10**6
"""Updates for which there is an answer within seconds."""


def turning(
    norm: float, learning_rate: float, decay: float, gradient: float, updates: int
) -> tuple[Array, Array]:
    r"""Return the norms of a kernel after each update of SGD, and the angles of the updates.

    The loss does not depend on the kernel's norm, so its gradient is orthogonal to the kernel and
    falls as the norm grows: it has the norm ``gradient / norm``. By Pythagoras, one update makes

    .. math:: \lVert w\rVert^2 \leftarrow (1 - \eta\lambda)^2 \lVert w\rVert^2
              + \frac{\eta^2 g^2}{\lVert w\rVert^2}
              \quad\text{and turns it by}\quad
              \arctan\frac{\eta g}{(1 - \eta\lambda)\,\lVert w\rVert^2}.

    With decay the norm comes to rest where both terms add up to its square, and there the cosine of
    the angle is :math:`1 - \eta\lambda`: the angle is :math:`\sqrt{2\eta\lambda}` to first order,
    whatever the first norm was, and however strong the gradient (van Laarhoven 2017, Wan et al.
    2021). Without decay the norm grows for ever and the angle falls.

    Parameters
    ----------
    norm : float
        Of the kernel before the first update, positive.
    learning_rate, decay : float
        :math:`\eta`, positive, and :math:`\lambda`, not negative; their product is below 1.
    gradient : float
        Norm of the gradient where that of the kernel is 1, positive.
    updates : int
        How many, at least 1.

    Returns
    -------
    norms, angles : ndarray
        Of shape (updates,); angles in radians.

    Raises
    ------
    ValueError, TypeError
        If a number is out of range.
    """
    length, rate = positive("`norm`", norm), positive("`learning_rate`", learning_rate)
    strength = positive("`gradient`", gradient)
    kept = 1.0 - rate * not_negative("`decay`", decay)
    if kept <= 0:
        raise ValueError(
            "`learning_rate` * `decay` must be below 1, or a step of decay turns the kernel "
            f"around; received {rate:g} * {decay:g}. Lower one of them."
        )
    steps = np.empty((at_least("`updates`", updates, 1, MOST), 2))
    for step in steps:
        step[:] = kept * length, rate * strength / length  # along the kernel, and across
        length = float(np.hypot(*step))
    along, across = steps.T
    return np.hypot(along, across), np.arctan2(across, along)
