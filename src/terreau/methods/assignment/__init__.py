"""Who reads which file: the worst-served file first, then total affinity, then even loads. Pure."""
