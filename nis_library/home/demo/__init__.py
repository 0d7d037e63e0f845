"""Demonstration data: fifteen years of an invented network, alike for the same seed and the same day.

People are invented, their addresses end in `@example.kz`. Nothing here is loaded in production.
"""
