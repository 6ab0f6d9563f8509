"""Payments and the envelope."""
