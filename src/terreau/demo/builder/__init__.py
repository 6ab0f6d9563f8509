"""Builds the demonstration edition in the database, through the same actions as users."""

from terreau.demo.builder.directory import settle_directory
from terreau.demo.builder.play import already_built, build

__all__ = ["already_built", "build", "settle_directory"]
