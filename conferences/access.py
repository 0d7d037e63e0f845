"""Who may do what with conferences and presentations: plain predicates over loaded objects."""

from schools.access import Actor


def may_keep_editions(actor: Actor) -> bool:
    """Write down conferences, their calls and fees."""
    return actor.runs_network
