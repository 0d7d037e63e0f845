"""Letters to directors about the places they hold: names are still missing, and what had none went to all."""

from datetime import timedelta

from django.utils import timezone, translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from courses import due, held_queries
from courses.letters import Words, course_facts, page_link
from courses.models import SeatShare
from courses.states import HOLDING
from schools import norms, outbox, wording
from schools.models import Person
from schools.queries import heads_of

KIND = "held"
AFTERWARDS = timedelta(days=2)
"""So long after the day a letter that a dead worker did not write is still worth writing."""
NAMELESS = Words(
    _("Name colleagues for the places that your school holds"),
    _("Your school holds places without a name. On the day below they go to all who wait."),
    _("Name colleagues, or give places back"),
)
GONE = Words(
    _("The held places without a confirmed name have gone to all"),
    _("The day has come on which held places go to all. You can still nominate colleagues in the usual way."),
    _("Look at the places"),
)


def tell_due() -> int:
    """Owe the letters that are due, each once for a run, its day and a reader; returns how many there were.

    Safe to run at any time: the letter's key holds the day, so that a day that is moved is told anew.
    """
    now = timezone.now()
    if not due.readers_are_awake(now):
        return 0
    days = timedelta(days=norms.value("merge_reminder_days", on=timezone.localdate(now)))
    soon = held_queries.nameless(merges_after=now, merges_before=now + days)
    gone = held_queries.nameless(merges_after=now - AFTERWARDS, merges_before=now, states=HOLDING)
    return sum(_tell(share, "soon", NAMELESS) for share in soon) + sum(_tell(share, "gone", GONE) for share in gone)


def _tell(share: SeatShare, occasion: str, words: Words) -> int:
    heads = heads_of(share.school_id, on=timezone.localdate()) if share.school_id else ()
    return sum(_write(share, head, occasion, words) for head in heads)


def _write(share: SeatShare, reader: Person, occasion: str, words: Words) -> bool:
    run, school, language = share.run, share.school, reader.language
    until = run.kept_until
    if until is None or school is None:
        return False
    with translation.override(language):
        facts = [
            *course_facts(run),
            (gettext("School"), school.short_name()),
            (
                gettext("Held places without a name")
                if occasion == "soon"
                else gettext("Held places without a confirmed name"),
                str(getattr(share, "nameless", "")),
            ),
            (gettext("Held places go to all"), wording.moment(until, run.zone)),
        ]
    letter = outbox.enqueue(
        kind=KIND,
        dedupe_key=f"held:{occasion}:{run.pk}:{share.school_id}:{until.isoformat()}:{reader.pk}",
        language=language,
        person=reader,
        about=share,
        not_after=until if occasion == "soon" else None,
        context={
            "words": words,
            "rows": facts,
            "run": run,
            "note": "",
            "link": page_link("courses:held_of", run.uid, school.code, language=language),
        },
    )
    return letter is not None
