"""The methods over plain files, without a database: one module a command."""


class Infeasible(ValueError):  # noqa: N818 - named after what it is
    """No answer satisfies what was asked; the message says what cannot hold together. The command ends with code 3."""
