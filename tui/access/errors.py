"""What can keep a matrix from being planned, run or read."""

from tui.airisk.errors import AIRiskError, NoAnswer


class NotAMatrix(AIRiskError):
    """A file is not a matrix that this program wrote, or of a version that it does not know."""


class NotAPlan(AIRiskError):
    """What was chosen cannot be asked: nobody, nothing, or what changes things and was not confirmed."""


class NotRules(AIRiskError):
    """A file of rules or of expectations says something that cannot be understood."""


class NotARun(AIRiskError):
    """The file of a run cannot be written, or belongs to another plan."""


class TooMuch(NoAnswer):
    """AIRisk asked to be left alone for longer than a run waits."""
