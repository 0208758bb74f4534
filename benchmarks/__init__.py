"""How long the package takes, beside plain Keras and others: ``make bench``.

``jobs`` says what is measured, ``worker`` measures one thing in a process of its own,
``runner`` takes turns among the contestants, ``records`` keeps what came out, and ``report``
and ``figure`` turn that into a page.
"""
