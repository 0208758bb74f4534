"""How much of a difference hangs on the test images that happen to be there."""

import numpy as np


def sampling_error(gaps: np.ndarray, originals: np.ndarray) -> float:
    """Return the standard error of a mean over seeds and images from sampling the images.

    Images that were made from one original o vary together: with c_o values of its images (one
    for each seed and image) and their sum t_o,

        SE^2 = G / (G - 1) * sum over the G originals of (t_o - c_o mean)^2 / (all values)^2.

    Where every seed tests the same images, each its own original, that is s / sqrt(images), with
    s the standard deviation over images of their means over the seeds.

    Parameters
    ----------
    gaps : numpy.ndarray
        What each seed gained on each of its images, shape ``(seeds, images)``: 1, 0 or -1.
    originals : numpy.ndarray
        The number of each image's original, of the same shape; at least two different ones.
    """
    _, group, counts = np.unique(originals, return_inverse=True, return_counts=True)
    totals = np.bincount(group.ravel(), weights=gaps.ravel())
    residuals = totals - counts * gaps.mean()
    scale = len(counts) / (len(counts) - 1)
    return float(np.sqrt(scale * (residuals**2).sum()) / gaps.size)
