"""What a portfolio should be rich in: a weighted mean of several wishes, each brought to 0-100 first."""

from collections.abc import Mapping

import numpy as np

from terreau.methods.selection.instance import Floats


def to_hundred(values: Floats) -> Floats:
    """From 0 for the least to 100 for the greatest, in proportion; 50 for all where all are equal. Shape (n,)."""
    least, greatest = float(values.min(initial=np.inf)), float(values.max(initial=-np.inf))
    if greatest <= least:
        return np.full(len(values), 50.0)
    return (values - least) / (greatest - least) * 100


def mixed(wishes: Mapping[str, Floats], weights: Mapping[str, float]) -> Floats:
    """Points of each project: the mean of the wishes (merit, expected participants, territorial need…), weighted.

    Only the proportion of the weights counts. ValueError for a wish without values, a negative weight, or no weight.
    """
    total = sum(weights.values())
    if total <= 0 or min(weights.values()) < 0:
        raise ValueError("weights must be positive or zero, and not all zero")
    if unknown := set(weights) - set(wishes):
        raise ValueError(f"no values for {sorted(unknown)}")
    parts = [to_hundred(wishes[name]) * (weight / total) for name, weight in weights.items() if weight]
    return np.sum(parts, axis=0)
