"""Which firms for a project, which projects for a firm: the exact best of a stated score. Pure."""
