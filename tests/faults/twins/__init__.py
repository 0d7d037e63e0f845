"""Portals that lack one care each: the twins of the tests of faults. TEST_TWINS names those to be put in place."""
