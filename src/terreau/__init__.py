"""Terreau: the soil in which local projects grow."""

__version__ = "0.1.0"
