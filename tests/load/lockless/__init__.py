"""A portal that locks no row at all: the twin of races whose deeds share more than the locks of seats."""
