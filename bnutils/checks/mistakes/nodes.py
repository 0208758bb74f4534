"""Mistakes that the steps of a derivation show."""

from bnutils.checks.mistakes import backward, places
from bnutils.checks.mistakes.entry import Entry, Example

TITLE = "Node by node"

NODES: dict[str, Entry] = {
    "wrong-node": Entry(
        "A step of the graph is wrong",
        "Compare this step, and no other, with the graph: which line of the forward pass does it "
        "undo?",
        "The first node that does not follow from the nodes before it, your own ones, is named. "
        "What follows rightly from a wrong node is not counted.",
        "A wrong node spoils all that is computed from it, so only the first one is to be mended.",
        places.STAGED,
        Example("dx", backward.DX, "", backward.BATCH),
    ),
    "sum-taken-late": Entry(
        "A step has one number for each example, not one for each feature",
        "Which shape has the value that this is the gradient of?",
        "A gradient has the shape of the batch, and only its sum over the batch is right.",
        "A gradient has the shape of what it is the gradient of. A sum that is taken later than in "
        "the graph is often forgotten in one of the places where it is needed.",
        places.TASK,
        Example(
            "dr",
            "sum((x - mean(x)) * gamma * dy)",
            "(x - mean(x)) * gamma * dy",
            backward.BATCH,
        ),
    ),
    "no-known-node": Entry(
        "None of the steps has a name of the graph",
        "Return a dictionary whose keys are the names in the chapter's graph.",
        "Nothing can be compared: names are unknown, or there is no dictionary.",
        "Steps are told apart by their names.",
        places.STAGED,
    ),
}
