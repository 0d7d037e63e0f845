"""Who gets in where. Each line names an address and everybody of the cast who passes; see `doors.py`."""

from tests.allocation_doors import ALLOCATIONS
from tests.budget_doors import BUDGETS
from tests.coming_back_doors import COMING_BACK
from tests.doors import ADMINISTRATOR, EVERYONE, LEADERS, MANAGERS, OFFICES, SIGNED_IN, Door
from tests.edition_doors import EDITIONS, PRESENTATIONS
from tests.effect_doors import EFFECT
from tests.place_doors import PLACES
from tests.promise_doors import PROMISES
from tests.trip_doors import TRIPS

HOUSE = [
    Door("healthz", EVERYONE),
    Door("readyz", EVERYONE),
    Door("root", EVERYONE),
    Door("home:landing", EVERYONE),
    Door("home:mine", SIGNED_IN),
    Door("home:help", EVERYONE),
    *(
        Door("home:guide", EVERYONE, lambda w, role=role: {"role": role}, about=f"of a {role}")
        for role in ("librarian", "director", "hq", "trainer", "administrator", "guest")
    ),
    Door("home:guide", frozenset(), lambda w: {"role": "nobody"}, about="of nobody"),
    Door("home:privacy", EVERYONE),
]

HOLDERS = MANAGERS | LEADERS
PAIR = frozenset({"librarian", "colleague"})
COURSES = [
    Door("courses:catalogue", EVERYONE),
    Door("courses:month", EVERYONE),
    Door("courses:month", EVERYONE, lambda w: {"year": 2030, "month": 4}, about="of a date"),
    Door("courses:feed", SIGNED_IN),
    Door("courses:renew_feed", SIGNED_IN, post=True),
    Door("courses:switch_off_feed", SIGNED_IN, post=True),
    Door("course_files:run", EVERYONE, lambda w: {"uid": w.run.uid}),
    Door("course_files:run", MANAGERS, lambda w: {"uid": w.draft.uid}, about="draft"),
    Door("course_files:feed", EVERYONE, lambda w: {"token": w.feed.token}),
    Door("course_files:feed", frozenset(), lambda w: {"token": "a" * 40}, about="unknown"),
    Door("courses:run", EVERYONE, lambda w: {"uid": w.run.uid}),
    Door("courses:run", MANAGERS, lambda w: {"uid": w.draft.uid}, about="draft"),
    Door("courses:apply", SIGNED_IN, lambda w: {"uid": w.run.uid}, post=True),
    Door("courses:apply", MANAGERS, lambda w: {"uid": w.draft.uid}, post=True, about="draft"),
    Door("courses:nominate", MANAGERS | LEADERS | {"other_director"}, lambda w: {"uid": w.run.uid}),
    Door("courses:run", EVERYONE, lambda w: {"uid": w.shared.uid}, about="with shared seats"),
    Door("courses:held", HOLDERS | {"other_director"}, lambda w: {"uid": w.shared.uid}),
    Door("courses:held_of", HOLDERS, lambda w: {"uid": w.shared.uid, "code": w.cast.school.code}, reader="director"),
    Door(
        "courses:held_of",
        MANAGERS | {"other_director"},
        lambda w: {"uid": w.run.uid, "code": w.cast.other_school.code},
        about="of the other school",
    ),
    *(
        Door(f"courses:{deed}", HOLDERS, lambda w: {"uid": w.shared.uid, "code": w.cast.school.code}, post=True)
        for deed in ("hold_seats", "name_held")
    ),
    Door("courses:enrolment", OFFICES | LEADERS | {"librarian"}, lambda w: {"uid": w.enrolment.uid}),
    *(
        Door(f"courses:{deed}", OFFICES | LEADERS | {"librarian"}, lambda w: {"uid": w.enrolment.uid}, post=True)
        for deed in ("withdraw", "late", "accept", "refuse", "take", "decline", "resubmit", "decide")
    ),
    Door("courses:hand_over", frozenset({"librarian"}), lambda w: {"uid": w.place.uid}),
    Door(
        "courses:hand_over", frozenset({"librarian"}), lambda w: {"uid": w.handed.enrolment.uid}, about="asked already"
    ),
    Door("courses:hand_over_page", OFFICES | LEADERS | PAIR, lambda w: {"uid": w.handed.uid}, reader="colleague"),
    Door(
        "courses:hand_over_page",
        OFFICES | LEADERS | PAIR,
        lambda w: {"uid": w.agreed.uid},
        about="with approval awaited",
        reader="librarian",
    ),
    *(
        Door(f"courses:hand_over_{deed}", OFFICES | LEADERS | PAIR, lambda w: {"uid": w.handed.uid}, post=True)
        for deed in ("agree", "leave", "take_back")
    ),
    Door(
        "courses:enrolment",
        OFFICES | LEADERS | {"colleague"},
        lambda w: {"uid": w.agreed.taker.uid},
        about="for a place that is handed over",
        reader="director",
    ),
    Door("courses:decisions", SIGNED_IN),
    Door("courses:approve_several", SIGNED_IN, post=True),
    Door("courses:reminder_choices", SIGNED_IN),
    Door("courses:reminder_rules", ADMINISTRATOR),
    Door("courses:add_reminder_rule", ADMINISTRATOR, post=True),
    Door("courses:change_reminder_rule", ADMINISTRATOR, lambda w: {"uid": w.reminder_rule.uid}, post=True),
]

TEACHERS = MANAGERS | {"trainer"}
ORGANISING = [
    Door("courses:organise", MANAGERS),
    Door("courses:organise_course_new", MANAGERS),
    Door("courses:organise_runs", MANAGERS),
    *(
        Door(f"courses:organise_{part}", MANAGERS, lambda w: {"uid": w.run.course.uid})
        for part in ("course", "course_runs", "run_new")
    ),
    *(
        Door(f"courses:organise_course_{deed}", MANAGERS, lambda w: {"uid": w.run.course.uid}, post=True)
        for deed in ("archive", "restore", "need", "forgo", "equate", "separate", "waive")
    ),
    Door("courses:organise_course_needs", MANAGERS, lambda w: {"uid": w.demanding.course.uid}),
    Door(
        "courses:organise_course_end_waiver",
        MANAGERS,
        lambda w: {"uid": w.demanding.course.uid, "waiver": w.demanding.course.waivers.first().uid},
        post=True,
    ),
    Door("courses:run", EVERYONE, lambda w: {"uid": w.demanding.uid}, about="that needs others first"),
    *(
        Door(f"courses:organise_run{part}", MANAGERS, lambda w: {"uid": w.run.uid})
        for part in ("", "_edit", "_copy", "_move", "_cancel")
    ),
    Door("courses:organise_run_seats", MANAGERS, lambda w: {"uid": w.shared.uid}),
    Door(
        "courses:organise_applicant",
        MANAGERS,
        lambda w: {"uid": w.shared.enrolments.get(number=7).uid},
        about="who waits over a cap",
    ),
    *(
        Door(f"courses:organise_run{part}", MANAGERS, lambda w: {"uid": w.draft.uid}, about="draft")
        for part in ("", "_edit")
    ),
    *(
        Door(f"courses:organise_run_{deed}", MANAGERS, lambda w: {"uid": w.draft.uid}, post=True)
        for deed in ("publish", "discard", "capacity")
    ),
    Door("courses:organise_run_parallel", MANAGERS, lambda w: {"uid": w.run.uid}),
    Door("courses:organise_intake", MANAGERS, lambda w: {"uid": w.parallel.intake.uid}),
    *(
        Door(f"courses:organise_run_{deed}", MANAGERS, lambda w: {"uid": w.parallel.uid}, post=True)
        for deed in ("join", "leave")
    ),
    Door("courses:run", EVERYONE, lambda w: {"uid": w.parallel.uid}, about="with parallel runs"),
    Door("courses:sources", MANAGERS, lambda w: {"uid": w.run.uid}),
    Door("courses:sources", TEACHERS, lambda w: {"uid": w.derived.uid}, about="of a run that came from others"),
    *(Door(f"courses:{deed}_source", MANAGERS, lambda w: {"uid": w.draft.uid}, post=True) for deed in ("add", "drop")),
    Door("courses:run", EVERYONE, lambda w: {"uid": w.origin.uid}, about="that led to others"),
    Door("courses:organise_run", MANAGERS, lambda w: {"uid": w.origin.uid}, about="that led to others"),
    Door("courses:organise_people_file", MANAGERS, lambda w: {"uid": w.run.uid}),
    Door("courses:organise_applicant", MANAGERS, lambda w: {"uid": w.enrolment.uid}),
    *(
        Door(f"courses:organise_{deed}", MANAGERS, lambda w: {"uid": w.enrolment.uid}, post=True)
        for deed in ("withdraw", "override")
    ),
]

OWN = OFFICES | LEADERS | {"librarian"}
LEARNING = [
    Door("courses:teaching", SIGNED_IN),
    *(
        Door(f"courses:{part}", TEACHERS, lambda w: {"uid": w.completed.run.uid})
        for part in (
            "roster",
            "people_file",
            "sign_in_sheet",
            "attendance",
            "assessment",
            "results",
            "feedback_results",
            "run_certificates",
        )
    ),
    *(
        Door(f"courses:{part}", TEACHERS, lambda w: {"uid": w.completed.run.uid, "order": 1})
        for part in ("mark_attendance", "check_in_code")
    ),
    *(
        Door(f"courses:{part}", MANAGERS, lambda w: {"uid": w.run.uid}, about="of another's run")
        for part in ("roster", "people_file")
    ),
    Door("courses:roster", frozenset(), lambda w: {"uid": w.draft.uid}, about="of a draft"),
    Door("courses:close_results", TEACHERS, lambda w: {"uid": w.completed.run.uid}, post=True),
    Door("courses:reopen_result", TEACHERS, lambda w: {"uid": w.completed.uid}),
    Door("courses:issue_certificates", MANAGERS, lambda w: {"uid": w.completed.run.uid}, post=True),
    Door("courses:issue_certificate", MANAGERS, lambda w: {"uid": w.completed.uid}, post=True),
    Door("courses:check_in", EVERYONE, lambda w: {"token": w.check_in_token}),
    Door("courses:check_in", EVERYONE, lambda w: w.wall_now, about="by a ticket", reader="visitor"),
    Door("courses:check_in", frozenset(), lambda w: {"token": w.check_in_token + "x"}, about="altered"),
    Door("courses:scan", TEACHERS, lambda w: {"uid": w.here_now.run.uid, "order": 1}),
    Door("courses:send_scans", TEACHERS, lambda w: {"uid": w.here_now.run.uid, "order": 1}, post=True),
    Door("course_files:scan_worker", EVERYONE),
    Door("courses:walk_in", TEACHERS, lambda w: {"uid": w.here_now.run.uid, "order": 1}),
    Door("courses:walked_in", TEACHERS, lambda w: w.walked_in),
    Door("courses:ticket", EVERYONE, lambda w: w.ticket, reader="visitor"),
    Door("courses:ticket", EVERYONE, lambda w: w.ticket, about="as its trainer sees it", reader="trainer"),
    Door("course_files:ticket", EVERYONE, lambda w: w.ticket),
    Door("courses:feedback", frozenset(["librarian"]), lambda w: {"uid": w.completed.uid}),
    Door("courses:certificates", SIGNED_IN),
    Door("courses:certificate", OWN, lambda w: {"number": w.certificate.number}),
    Door("courses:certificate_pdf", OWN, lambda w: {"number": w.certificate.number, "language": "ru"}),
    Door(
        "courses:certificate_pdf",
        frozenset(),
        lambda w: {"number": w.certificate.number, "language": "de"},
        about="in no language of ours",
    ),
    *(
        Door(f"courses:{deed}_certificate", MANAGERS, lambda w: {"number": w.certificate.number})
        for deed in ("revoke", "reissue")
    ),
    Door("courses:check_certificate", EVERYONE),
    Door("certificate_check", EVERYONE, lambda w: {"code": w.certificate.code}),
    Door("certificate_check", frozenset(), lambda w: {"code": "x" * 16}, about="unknown"),
    Door("courses:record", SIGNED_IN, lambda w: w.having("found_guest")),
    Door("courses:found_records", SIGNED_IN, lambda w: w.having("found_guest")),
    Door(
        "courses:say_of_found",
        frozenset(["librarian"]),
        lambda w: {"uid": w.found_guest.uid, "deed": "not-mine"},
        post=True,
    ),
    Door("courses:record_of", OWN, lambda w: w.person("librarian"), about="of this school"),
    Door("courses:record_of", OFFICES | {"stranger", "other_director"}, lambda w: w.person("stranger"), about="other"),
    Door("courses:record_pdf", OWN, lambda w: {**w.person("librarian"), "language": "kk"}),
]

GUESTS = [
    Door("courses:seminars", EVERYONE),
    Door("courses:seminar", EVERYONE, lambda w: {"uid": w.signup.run.uid}),
    Door("courses:seminar", frozenset(), lambda w: {"uid": w.run.uid}, about="of a course for staff alone"),
    *(Door(f"courses:{part}", EVERYONE, lambda w: {"uid": w.signup.run.uid}) for part in ("sign_up", "signed_up")),
    Door("courses:sign_up", frozenset(), lambda w: {"uid": w.run.uid}, about="of a course for staff alone"),
    Door("guest:show", EVERYONE, lambda w: {"token": w.guest_token}),
    Door("guest:show", EVERYONE, lambda w: {"token": w.here_token}, about="on the day", reader="visitor"),
    Door("guest:show", frozenset(), lambda w: {"token": w.guest_token[:-1]}, about="cut short"),
    *(Door(f"guest:{deed}", EVERYONE, lambda w: {"token": w.guest_token}, post=True) for deed in ("confirm", "cancel")),
    *(
        Door(f"guest:{page}", EVERYONE, lambda w: {"token": w.guest_token})
        for page in ("more", "address", "attended", "forget")
    ),
    Door("guest:person", EVERYONE, lambda w: {"token": w.guest_token, "uid": w.signup.enrolments.first().uid}),
    Door("guest:person", frozenset(), lambda w: {"token": w.guest_token, "uid": w.enrolment.uid}, about="of another"),
    Door("guest:appeal", EVERYONE, lambda w: w.guest_without_place),
    Door("guest:appeal", frozenset(), lambda w: {"token": w.guest_token, "uid": w.enrolment.uid}, about="of another"),
    Door("guest:new_address", EVERYONE, lambda w: {"token": w.new_address_token}),
    Door("guest:new_address", frozenset(), lambda w: {"token": w.guest_token[:-1]}, about="cut short"),
    Door("courses:link_again", EVERYONE),
    Door("guest:show", EVERYONE, lambda w: {"token": w.after_token}, about="afterwards", reader="visitor"),
    Door("guest:feedback", EVERYONE, lambda w: w.after_row()),
    Door("guest:feedback", frozenset(), lambda w: w.after_row() | {"uid": w.enrolment.uid}, about="of another"),
    Door("guest:certificate", EVERYONE, lambda w: w.after_row(certified=True) | {"language": "kk"}),
    Door(
        "guest:certificate", frozenset(), lambda w: w.after_row() | {"language": "de"}, about="in no language of ours"
    ),
    Door("guest:here", EVERYONE, lambda w: {"token": w.here_token}, post=True),
]

DEMAND = [
    Door("courses:demand", EVERYONE, lambda w: w.demanded),
    Door("courses:demand_new", EVERYONE),
    Door("courses:demand_ask", EVERYONE, lambda w: w.wish),
    Door("courses:demand_ask", frozenset(), lambda w: {**w.wish, "region": "KZ-99"}, about="nowhere"),
    Door("courses:demand_asked", EVERYONE),
    Door("courses:demand_group", EVERYONE, lambda w: {"uid": w.demand.uid}),
    Door("courses:demand_group", EVERYONE, lambda w: {"uid": w.planned_demand.uid}, about="announced"),
    Door("courses:demand_group", frozenset(), lambda w: {"uid": "a" * 10}, about="unknown"),
    Door("guest:voice", EVERYONE, lambda w: {"token": w.voice_token}),
    Door("guest:voice", frozenset(), lambda w: {"token": w.voice_token[:-1]}, about="cut short"),
    *(
        Door(f"guest:{deed}_voice", EVERYONE, lambda w: {"token": w.voice_token}, post=True)
        for deed in ("confirm", "withdraw")
    ),
    Door("courses:organise_demands", MANAGERS, lambda w: w.demanded),
    Door("courses:organise_demand", MANAGERS, lambda w: {"uid": w.demand.uid}),
    Door("courses:organise_demand", MANAGERS, lambda w: {"uid": w.planned_demand.uid}, about="announced"),
    *(
        Door(f"courses:organise_demand_{deed}", MANAGERS, lambda w: {"uid": w.demand.uid}, post=True)
        for deed in ("plan", "meet", "close", "reopen")
    ),
]

PEOPLE = [
    Door("schools:people", OFFICES | LEADERS | {"other_director"}),
    Door("schools:person", OFFICES | LEADERS | {"librarian"}, lambda w: w.person("librarian"), about="of this school"),
    Door(
        "schools:person", OFFICES | {"stranger", "other_director"}, lambda w: w.person("stranger"), about="of the other"
    ),
    Door("schools:invite", MANAGERS),
    *(
        Door(f"schools:{deed}", MANAGERS, lambda w: w.person("librarian"))
        for deed in ("correct", "correct_address", "transfer", "grant")
    ),
    *(
        Door(f"schools:{deed}", MANAGERS, lambda w: w.person("librarian"), post=True)
        for deed in ("invite_again", "set_sign_in")
    ),
    Door("schools:end_role", MANAGERS, lambda w: w.role_of("librarian")),
    Door("schools:end_role", MANAGERS | {"director"}, lambda w: w.role_of("deputy"), about="of the own deputy"),
    Door("schools:end_role", ADMINISTRATOR, lambda w: w.role_of("auditor"), about="of a guarded role"),
    Door("schools:schools", EVERYONE),
    Door("schools:school_search", EVERYONE),
    Door("schools:directory", MANAGERS, lambda w: w.having("general_school")),
    Door("schools:directory_add", MANAGERS),
    Door("schools:directory_school", MANAGERS, lambda w: {"uid": w.general_school.uid}),
    Door("schools:directory_school", frozenset(), lambda w: {"uid": w.cast.school.uid}, about="of NIS"),
    *(
        Door(f"schools:directory_{deed}", MANAGERS, lambda w: {"uid": w.general_school.uid}, post=True)
        for deed in ("archive", "restore")
    ),
    Door("schools:school_imports", MANAGERS, lambda w: w.having("school_import")),
    Door("schools:school_import_empty", MANAGERS),
    Door("schools:school_import", frozenset(["hq"]), lambda w: {"uid": w.school_import.uid}),
    *(
        Door(f"schools:school_import_{deed}", frozenset(["hq"]), lambda w: {"uid": w.school_import.uid}, post=True)
        for deed in ("apply", "drop")
    ),
    Door("schools:school_requests", MANAGERS, lambda w: w.having("school_request")),
    Door("schools:school_request", MANAGERS, lambda w: {"uid": w.school_request.uid}),
    *(
        Door(f"schools:school_request_{deed}", MANAGERS, lambda w: {"uid": w.school_request.uid}, post=True)
        for deed in ("find", "add", "refuse", "reopen")
    ),
    Door("schools:school", EVERYONE, lambda w: {"uid": w.general_school.uid}, about="of the directory"),
    Door("schools:school", EVERYONE, lambda w: {"uid": w.cast.school.uid}),
    Door("schools:name_deputy", frozenset(["director"]), lambda w: {"uid": w.cast.school.uid}, about="of this school"),
    Door(
        "schools:name_deputy",
        frozenset(["other_director"]),
        lambda w: {"uid": w.cast.other_school.uid},
        about="of the other",
    ),
    Door("schools:settings", SIGNED_IN),
    Door("schools:invitation", EVERYONE, lambda w: {"token": w.invitation}, about="that lives"),
    Door("schools:invitation", frozenset(), lambda w: {"token": "not-a-token"}, about="that is dead"),
    Door("schools:roster", MANAGERS),
    Door("schools:roster_empty", MANAGERS),
    Door("schools:roster_check", frozenset(["hq"]), lambda w: {"uid": w.roster.uid}),
    *(
        Door(f"schools:{deed}", frozenset(["hq"]), lambda w: {"uid": w.roster.uid}, post=True)
        for deed in ("roster_apply", "roster_drop")
    ),
]

OPERATIONS = [
    Door("schools:mailbox", EVERYONE, about="in a demo"),
    *(
        Door(f"schools:{part}", EVERYONE, lambda w: {"uid": w.mail.uid}, about="in a demo")
        for part in ("letter", "letter_html", "letter_calendar")
    ),
    Door("schools:mail", ADMINISTRATOR),
    Door("schools:retry_mail", ADMINISTRATOR, lambda w: {"uid": w.mail.uid}, post=True),
    Door("schools:jobs", SIGNED_IN),
    *(
        Door(f"schools:{part}", MANAGERS, lambda w: {"uid": w.job.uid})
        for part in ("job", "job_progress", "job_result")
    ),
    Door("schools:cancel_job", MANAGERS, lambda w: {"uid": w.job.uid}, post=True),
]

READERS_OF_REPORTS = OFFICES | LEADERS | {"finance", "other_director"}
REPORTS = [
    Door("reports:list", READERS_OF_REPORTS),
    Door("reports:of_job", READERS_OF_REPORTS, lambda w: {"uid": w.report.job.uid}),
    Door("reports:report", READERS_OF_REPORTS, lambda w: {"uid": w.report.uid}),
    Door("reports:rows", OFFICES, lambda w: {"uid": w.report.uid}),
    Door("reports:file", READERS_OF_REPORTS, lambda w: {"uid": w.report.uid, "kind": "xlsx"}),
]

DOORS = [
    *HOUSE,
    *COURSES,
    *ORGANISING,
    *LEARNING,
    *GUESTS,
    *DEMAND,
    *PEOPLE,
    *OPERATIONS,
    *REPORTS,
    *EDITIONS,
    *ALLOCATIONS,
    *BUDGETS,
    *PRESENTATIONS,
    *TRIPS,
    *EFFECT,
    *PLACES,
    *PROMISES,
    *COMING_BACK,
]
