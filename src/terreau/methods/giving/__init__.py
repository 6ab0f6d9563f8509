"""Corporate giving as the tax code says it: gifts valued, capped, carried over, reduced. Amounts are integer cents."""
