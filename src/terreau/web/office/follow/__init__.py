"""Following supported projects: reports, visits, signs of trouble, the end of the money."""
