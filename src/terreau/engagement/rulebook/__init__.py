"""Plain values that the engagement of firms is set against."""
