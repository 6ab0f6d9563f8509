"""What the first use of a method says, once, on stderr."""

import numpy as np
from numba import njit

from terreau.cli.methods import first_use


def test_the_first_compilation_is_told_once_and_a_warm_loop_says_nothing(capsys):
    double, triple = (njit(lambda x, k=k: k * x) for k in (2, 3))
    with first_use.told(20):
        assert double(np.int64(4)) == 8
        assert triple(np.int64(4)) == 12
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == "Première utilisation : préparation des calculs, une seule fois, 20 s environ.\n"
    with first_use.told(20):
        assert double(np.int64(5)) == 10
    assert capsys.readouterr().err == ""
