"""Measure everything and print the table."""

import sys

from benchmarks import act_as, first_paint, matrix
from benchmarks.measuring import HEADING

ROUNDS = 9

sys.stdout.write(HEADING + "\n")
for measure in (first_paint.measure, act_as.measure, matrix.measure):
    sys.stdout.write(f"{measure(ROUNDS)}\n")
    sys.stdout.flush()
