"""Reads of the money and of what the agreements owe: nouns, one module a subject."""
