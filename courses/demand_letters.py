"""Letters to those who ask for a seminar: the link, and the news that it is announced."""

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from courses import demand_links
from courses.letters import Words, course_facts
from courses.models import Demand, DemandVoice, Run
from courses.states import DemandState, RunState
from schools import bell, outbox
from schools.models import Mail

TELL = "courses.tasks.tell_demand"
LINK, TOLD = "demand_link", "demand_told"
BATCH = 100
CONFIRM = Words(
    _("Confirm that you want this seminar"),
    _("Somebody, probably you, asks for a seminar with this address. Your voice counts once you confirm it."),
    _("Confirm my voice"),
)
STANDS = Words(
    _("You have asked for this seminar"),
    _("Your voice counts already. We write to you once the seminar is announced."),
    _("Look at my request"),
)
ANNOUNCED = Words(
    _("The seminar that you asked for is announced"),
    _("You and others asked for it, and here it is. Places go to those who sign up."),
    _("Look and sign up"),
)


def send_link(voice: DemandVoice) -> None:
    """The letter with the link: to confirm, or to find one's request again."""
    voice.letters += 1
    voice.save(update_fields=["letters"])
    outbox.supersede(about=voice, kinds=[LINK])
    with translation.override(voice.language):
        facts = demand_facts(voice.demand)
    words = CONFIRM if voice.verified_at is None else STANDS
    outbox.enqueue(
        kind=LINK,
        dedupe_key=f"{LINK}:{voice.pk}:{voice.letters}",
        language=voice.language,
        address=voice.email,
        about=voice,
        context={
            "words": words,
            "rows": facts,
            "asks": words is CONFIRM,
            "greeting_name": voice.name,
            "link": demand_links.address(voice),
        },
    )


def demand_facts(demand: Demand) -> list[tuple[str, object]]:
    """What is asked for, in the active language."""
    return [
        (gettext("Topic"), demand.topic.name),
        (gettext("Language"), demand.get_language_display()),
        (pgettext("of the country", "Region"), demand.region.name),
    ]


def owed() -> QuerySet[DemandVoice]:
    """Voices that count, of a seminar that is announced, and that have not heard of it."""
    planned = {"demand__state": DemandState.PLANNED, "demand__run__state": RunState.PUBLISHED}
    return DemandVoice.objects.filter(told_at=None, verified_at__isnull=False, **planned)


def tell_demand(*, demand_id: int) -> None:
    """Put the letters about an announced seminar into the outbox, a batch at a time; each voice hears once."""
    with transaction.atomic():
        row = Demand.objects.select_for_update(no_key=True, of=("self",)).filter(pk=demand_id).first()
        voices = list(owed().filter(demand=row).order_by("pk")[:BATCH]) if row is not None else []
        if row is None or not voices:
            return
        run = Run.objects.select_related("course", "host").get(demands=row)
        outbox.enqueue_composed([_announcement(voice, run) for voice in voices])
        DemandVoice.objects.filter(pk__in=[voice.pk for voice in voices]).update(told_at=timezone.now())
        if len(voices) == BATCH:
            bell.ring(TELL, demand_id)


def tell_untold() -> int:
    """Tell those whom no worker told; returns how many demands there were."""
    demands = list(owed().order_by("demand").values_list("demand", flat=True).distinct())
    for pk in demands:
        tell_demand(demand_id=pk)
    return len(demands)


def _announcement(voice: DemandVoice, run: Run) -> Mail:
    with translation.override(voice.language):
        facts = course_facts(run)
        page = settings.SITE_URL + reverse("courses:seminar", args=[run.uid])
    return outbox.compose(
        kind=TOLD,
        dedupe_key=f"{TOLD}:{voice.pk}:{run.pk}:{voice.demand_id}",
        language=voice.language,
        address=voice.email,
        about=voice,
        context={
            "words": ANNOUNCED,
            "rows": facts,
            "run": run,
            "greeting_name": voice.name,
            "link": page,
            "own_link": demand_links.address(voice),
        },
    )
