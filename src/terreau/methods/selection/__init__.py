"""Choosing a portfolio of projects under a budget and rules, exactly, with reasons. Pure: no database, no clock."""
