"""Statistical confidentiality: which cells of a table are hidden, which others they drag along, and the proof.

`primary` says which cells tell too much, `tables` adds contributions up, `attack` tells what a reader of the
published cells can work out, `secondary` hides the cheapest cells that stop it. Hierarchies, tables of three
dimensions and releases that follow each other in time are not treated here.
"""

from terreau.methods.disclosure.primary import Rule, Tally
from terreau.methods.disclosure.secondary import Outcome, Protection, State, suppress
from terreau.methods.disclosure.tables import Contribution, Measure, System, cell, system

__all__ = [
    "Contribution",
    "Measure",
    "Outcome",
    "Protection",
    "Rule",
    "State",
    "System",
    "Tally",
    "cell",
    "suppress",
    "system",
]
