"""Mistakes of the call itself: nothing comes back, or not what the exercise asks for."""

from bnutils.checks.mistakes import places
from bnutils.checks.mistakes.entry import Entry

TITLE = "The call"

_PRINT_SHAPES = "Print the shapes of all arrays in that line and compare them with what you expect."

CALLS: dict[str, Entry] = {
    "unfinished": Entry(
        "This is still the unfinished stub",
        "Replace the line that raises `NotImplementedError` by your own.",
        "There are no numbers yet: the function raises, or its body is empty.",
        "A stub only says how the function is called and what it should return.",
    ),
    "returns-none": Entry(
        "The function returns None",
        "Did you forget `return`?",
        "None comes back instead of an array.",
        "A Python function without `return` returns None, whatever it has computed.",
    ),
    "raises": Entry(
        "The function stops with an error",
        "Read the error's last line, then call the function yourself with small arrays.",
        "An exception comes instead of numbers; the report shows your own line.",
        "Without numbers there is nothing to compare.",
    ),
    "shapes-do-not-fit": Entry(
        "The function stops because two shapes do not fit",
        f"{_PRINT_SHAPES} How many means should there be, and along which axis do they belong?",
        "NumPy refuses an operation on two arrays, such as (6, 4) and (6,).",
        "Two shapes are compared from the last axis on. One mean for each feature fits behind a "
        "batch; one for each example does not, unless there are as many.",
        places.EQUATIONS,
    ),
    "wrong-signature": Entry(
        "The call in the exercise does not fit the function",
        "Compare its parameters with the signature in the exercise.",
        "A parameter is missing, is one too many, or stands in another place.",
        "The check passes its arguments by position, in the order of the exercise.",
    ),
    "arguments-swapped": Entry(
        "The arguments are taken in another order",
        "Compare the order of your parameters with the signature in the exercise.",
        "All numbers are right once the arguments are given in your function's own order.",
        "The check passes its arguments by position, in the order of the exercise.",
    ),
    "too-slow": Entry(
        "The function does not come to an end",
        "Look for a loop whose condition stays true, and for numbers that grow with every step.",
        "Nothing comes back within the time that a check allows.",
        "On arrays as small as those of a check a right function takes far less than a second.",
    ),
    "calls-itself": Entry(
        "The function calls itself without end",
        "In which case does it stop, and does it get there? Is another function of the same name "
        "meant?",
        "Python gives up after a thousand calls inside each other.",
        "A function whose name is taken by another one of yours calls itself by accident.",
    ),
    "too-much-memory": Entry(
        "The function takes too much memory",
        "Print the shapes of your arrays. Which of them has an axis too many, and does a list "
        "grow with every step?",
        "An array is asked for that does not fit, or a list grows without end.",
        "No array of a right function is larger than the largest that it is given.",
        places.EQUATIONS,
    ),
    "stops-python": Entry(
        "The function ends Python, and your notebook with it",
        "Take out `exit` and its like: let the function `return`, or `raise` an error.",
        "The function calls `exit`, `quit` or `sys.exit`.",
        "Whoever calls a function wants to go on afterwards.",
    ),
    "dies": Entry(
        "Python dies inside the function",
        "Which call is of something that is not written in Python? Give it smaller arrays, and "
        "look at its arguments. Too little memory may be the reason, too.",
        "The process that called the function ends without an error of Python's.",
        "Compiled code that reads or writes where it must not is ended by the system.",
    ),
    "wrong-type": Entry(
        "What comes back is of the wrong type",
        "Let `return` give arrays of numbers, in the signature's order with commas between them; "
        "a dictionary must have the names in the signature.",
        "What comes back cannot be taken apart into the results of the signature.",
        "Results are told apart by their place, or by their names in a dictionary.",
    ),
    "wrong-number-of-results": Entry(
        "The number of results is wrong",
        "Compare your `return` with the signature in the exercise.",
        "Too few results come back, or too many.",
        "Results are told apart by their place alone.",
    ),
    "not-numbers": Entry(
        "The result is not an array of numbers",
        "Look at what you return, its `dtype` and where that comes from.",
        "What comes back cannot be read as an array of real numbers.",
        "Text, complex numbers and arrays of objects cannot be compared with the right numbers.",
    ),
    "wrong-shape": Entry(
        "The result has the wrong shape",
        "Along which axes do you average or sum, and which should be left? Watch `keepdims`.",
        "The report names the shape that came and the one that was expected.",
        "A gradient has the shape of what it is the gradient of, y has that of x, and a folded "
        "kernel that of the old one. A shape that differs says that a sum runs over the wrong "
        "axes, or is missing.",
        places.TASK,
    ),
    "changes-its-input": Entry(
        "The function changes its input",
        "Operators such as `-=`, and results written into an argument, reach the caller's "
        "array. Look for them.",
        "After the call an argument no longer holds what it held before.",
        "The caller needs it again, a batch in the backward pass for example, and it has changed.",
    ),
    "dtype-loss": Entry(
        "Precision is lost on the way",
        "float64 goes in, and what comes out is less precise. Look for a rounding, a conversion, "
        "or an array that you create with a dtype of its own.",
        "The numbers agree in the first digits only.",
        "What a rounding or a conversion cuts off is gone: no later step brings it back.",
        places.HALF_PRECISION,
    ),
    "cut-to-integers": Entry(
        "The result is cut to integers",
        "Look for a conversion, or for an array that you create with a dtype of its own.",
        "All numbers are whole, and each is less than 1 away from the right one.",
        "An array of integers keeps no fractions, and normalised values are mostly fractions.",
        places.EQUATIONS,
    ),
    "integer-input": Entry(
        "A batch of integers comes out wrong",
        "Pixels are often integers. Look for an array that you make like x: what is its dtype?",
        "Right for floats; for integers the results are whole numbers.",
        "An array made like x has the dtype of x, so that results are cut when they are stored.",
        places.EQUATIONS,
    ),
}
