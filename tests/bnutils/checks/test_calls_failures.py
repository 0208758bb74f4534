"""An exception is told by its message and the student's own line, and by nothing of a library."""

import numpy as np
import pytest
import scipy.optimize

from bnutils.checks.calls.calling import Signature, call
from bnutils.checks.calls.lines import dumped, own_line
from bnutils.checks.calls.text import plain, short

SIGNATURE = Signature("function(x) -> y", ("x",), ("y",))
X = np.arange(3.0)


def seen(function, signature=SIGNATURE):
    (found,) = call(function, signature, (X,), ((3,),)).mistakes
    return found.name, found.seen


def test_the_line_is_the_students_also_below_a_library():
    def objective(value):
        return X @ np.ones(7)

    def function(x):
        return scipy.optimize.minimize(objective, x)

    name, said = seen(function)
    assert name == "shapes-do-not-fit"
    assert said.endswith(": return X @ np.ones(7)")
    assert "scipy" not in said


def test_the_deepest_line_of_the_student_counts_not_that_of_the_library():
    name, said = seen(lambda x: np.linalg.inv(x))
    assert name == "raises"
    assert said.endswith("name, said = seen(lambda x: np.linalg.inv(x))")


def test_a_cell_without_a_file_has_its_line_in_the_message():
    import linecache

    source = "def function(x):\n    return x.oops\n"
    linecache.cache["<cell 7>"] = (len(source), None, source.splitlines(True), "<cell 7>")
    space: dict = {}
    exec(compile(source, "<cell 7>", "exec"), space)
    assert seen(space["function"])[1].endswith("\nin line 2: return x.oops")


def test_code_without_source_has_its_number():
    space: dict = {}
    exec(compile("def function(x):\n    return x.oops\n", "<nowhere>", "exec"), space)
    assert seen(space["function"])[1].endswith("\nin line 2")


def test_a_message_is_plain_and_short():
    def function(x):
        raise ValueError("\x1b[1m" + "bold " * 10**6 + "\x1b[0m\n\n\nlast")

    _, said = seen(function)
    assert len(said) < 500
    assert "\x1b" not in said
    assert " ..." in said


def test_exceptions_that_are_hostile_or_empty_are_findings():
    class Hostile(Exception):
        def __str__(self):
            raise RuntimeError

    class Base(BaseException):
        pass

    def raises(error):
        def function(x):
            raise error

        return function

    assert seen(raises(Hostile()))[1].startswith("Hostile\nin line ")
    assert seen(raises(Base("so")))[1].startswith("Base: so\nin line ")
    assert seen(raises(AssertionError()))[1].startswith("AssertionError\nin line ")
    assert seen(raises(GeneratorExit()))[0] == "raises"


def test_unfinished_is_what_the_student_says_not_what_a_library_refuses():
    def stub(x):
        raise NotImplementedError

    source = "def refuses(x):\n    raise NotImplementedError('symbolic')\n"
    library: dict = {}
    exec(compile(source, "/usr/lib/site-packages/library/module.py", "exec"), library)
    assert seen(stub) == ("unfinished", "")
    assert seen(lambda x: x + ...)[0] == "unfinished"
    assert seen(lambda x: library["refuses"](x))[0] == "raises"


@pytest.mark.parametrize(
    "function",
    [lambda: 0, lambda x, y: 0, lambda *, x: 0, 3, None, "forward"],
    ids=["too few", "too many", "by name", "number", "None", "name"],
)
def test_a_call_that_does_not_fit_is_told_with_the_signature(function):
    name, said = seen(function)
    assert name == "wrong-signature"
    assert said.endswith("\nThe exercise calls function(x) -> y.")


def test_so_it_is_behind_a_decorator():
    import functools

    def decorated(function):
        @functools.wraps(function)
        def wrapper(*arguments):
            return function(*arguments)

        return wrapper

    @decorated
    def function(x, gamma, beta):
        return x

    name, said = seen(function)
    assert name == "wrong-signature"
    assert "missing 2 required positional arguments: 'gamma' and 'beta'" in said


def test_a_type_error_inside_is_no_wrong_signature():
    assert seen(lambda x: len(3))[0] == "raises"


def test_what_faulthandler_wrote_is_read():
    text = (
        "Thread 0x00007f (most recent call first):\n"
        '  File "/home/me/other.py", line 1 in run\n\n'
        "Current thread 0x00007e (most recent call first):\n"
        '  File "/usr/lib/site-packages/numpy/core.py", line 5 in sort\n'
        '  File "/home/j\\xfcrgen/\\u03b3.py", line 3 in forward\n'
        '  File "/home/me/run.py", line 9 in <module>\n'
    )
    places = dumped(text)
    assert places == [
        ("/usr/lib/site-packages/numpy/core.py", 5),
        ("/home/jürgen/γ.py", 3),
        ("/home/me/run.py", 9),
    ]
    assert own_line(places) == "in line 3"
    assert dumped("") == []


def test_words_of_others_become_plain():
    assert plain("\x1b[1;31mred\x1b[0m \x1b]0;title\x07and\r\nmore\x08") == "red and\nmore"
    assert short("one\n\n  two\nthree\nfour") == "one\n  two\nthree ..."
    assert short("one\ntwo") == "one\ntwo"
    assert short("x" * 500, longest=10) == "x" * 10 + " ..."
