"""A portal that forgets to lock: the twin that shows what the races are tested for."""
