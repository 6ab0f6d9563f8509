"""Writes of the money: one verb, one transaction, one journal line."""
