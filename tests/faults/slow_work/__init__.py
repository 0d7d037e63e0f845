"""A room with one kind of long work that takes its time."""
