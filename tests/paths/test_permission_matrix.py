"""Every address, every role: who reads it, who may act there, in which state of the file.

The expected answers stand in `permissions.csv`, one row an address (and a state of the file where it matters), one
column a role, `GET/POST` in each cell. An address that is not in the table fails. To see what a change did:
`python -m pytest tests/paths/test_permission_matrix.py --write-permissions` rewrites the table for `git diff`.

200 a page, 302 sent elsewhere, `in` sent to sign in, 401 the same said to a script, 403 not now or not you, 404 does
not exist for you, 405 no such method, 400 what was sent makes no sense.
"""

import csv
from collections import deque
from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse
from django.utils import timezone
from tests.paths.world import STATES, build

TABLE = Path(__file__).with_name("permissions.csv")
LIBRARIES = ("account_", "mfa_", "socialaccount_", "openid_connect_", "None")  # allauth's, tested by allauth
OF_A_FILE = (
    "applicant:",
    "office:file",
    "office:admissibility",
    "office:opinion",
    "office:message",
    "office:document",
    "office:act",
)
OF_AN_AGREEMENT = (
    "applicant:follow",
    "applicant:report",
    "applicant:partners",
    "applicant:receipts",
)  # of one file whose agreement is signed, or of the structure that holds it
LISTS = {
    "applicant:home",
    "applicant:start",
    "office:files",
    "office:committees",
    "office:letters",
    "office:agreements",
    "office:accounts",
    "office:payments",
    "office:runs",
    "office:clauses",
    "office:clauses-seed",
    "office:clauses-publish",
    "office:clauses-terms",
    "office:calls",
    "office:call-new",
    "jury:home",
    "jury:profile",
    "public:calls",
    "member:organisations",
    "member:organisation-new",
    "member:organisation-ask",
}
SPACES = ["public:", "home", "member:", "applicant:", "office:", "jury:", "company:", "participant:", "ui:"]
VERBS = ["reopen", "reconsider", "share"]

pytestmark = pytest.mark.django_db


def names(resolver=None, space=""):
    for item in (resolver or get_resolver()).url_patterns:
        if isinstance(item, URLPattern):
            if not str(item.name).startswith(LIBRARIES):
                yield f"{space}{item.name}"
        else:
            yield from names(item, f"{space}{item.namespace}:" if item.namespace else space)


def arguments(world, name, file):
    """The words of an address in this world, about this file."""
    document = file.documents.get(key="statutes").pk
    review = world.reviews["in_review"]
    window, reading = world.committee.window_id, world.files["in_review"]
    gift = [world.owner.organisation_id, world.others["gift"].pk]
    commitment = [world.others["company"].pk, world.others["commitment"].pk]
    visit = world.others["visit"].pk
    special = {
        "company:gifts": [world.others["company"].pk],
        "public:project": [world.files["selected"].reference],
        "public:grants-file": ["subventions-scdl.csv"],
        "public:edition-grants-file": [2025, "subventions-scdl.csv"],
        "public:barometer-edition": [2025],
        "public:barometer-csv": [2025],
        "public:territory": ["commune", "52121"],
        "public:redraw-basin": [world.others["basin"].code],
        "public:delete-basin": [world.others["basin"].code],
        "member:revoke": [world.others["invitation"].pk],
        "member:invitation": [world.others["invitation"].token],
        "member:leave": [world.others["reader"].pk],
        "member:regions": [world.others["delegate"].pk],
        "member:answer": [world.others["request"].pk],
        "member:resolve": [world.others["mail"].pk],
        "applicant:start": [world.call.slug],
        "applicant:step": [file.reference, "project"],
        "applicant:save": [file.reference, "title"],
        "applicant:receipt": [file.reference, 1],
        "applicant:document": [file.reference, document],
        "applicant:document_remove": [file.reference, document],
        "applicant:unshare": [file.reference, file.collaborators.get(role="reader").pk],
        "applicant:follow": [file.reference],
        "applicant:partners-answer": [file.reference, world.others["firm_proposed"].pk],
        "company:projects-answer": [world.others["company"].pk, world.others["project_proposed"].pk],
        "applicant:partners-need": [file.reference, world.others["need"].pk],
        "applicant:partners-need-move": [file.reference, world.others["need"].pk, "fill"],
        "public:receipt": [world.others["receipt"].token],
        "company:receipt": [world.others["company"].pk, world.others["receipt"].pk],
        "applicant:receipts-paper": [world.owner.organisation_id, world.others["receipt"].pk],
        "applicant:receipts-void": [world.owner.organisation_id, world.others["receipt"].pk],
        "applicant:report-step": [file.reference, world.reports["draft"].pk, "texte"],
        "applicant:report-save": [file.reference, world.reports["draft"].pk, "activities"],
        "applicant:report-detach": [file.reference, world.reports["draft"].pk, world.reports["joined"].pk],
        "office:follow-report": [world.reports["submitted"].pk],
        "office:follow-project": [world.files["followed"].reference],
        "office:follow-close": [world.files["followed"].reference],
        "office:follow-recover": [world.reports["clawback"].pk],
        "office:follow-waive": [world.reports["clawback"].pk],
        "office:document": [file.reference, document],
        "office:barometer-year": [2024],
        "office:basin-directory": [world.files["followed"].reference, "73282932000074"],
        "office:basin-project": [world.files["followed"].reference],
        "office:committee-file": [window, reading.pk],
        "office:committee-decide": [window, reading.pk],
        "office:committee-recuse": [window, reading.pk],
        "office:committee-settle": [window, reading.pk],
        "office:committee-why": [window, reading.pk],
        "office:committee-scenario": [window, world.scenario.pk],
        "office:committee-replay": [window, world.scenario.pk],
        "office:committee-adopt": [window, world.scenario.pk],
        "office:agreement-draft": [world.files["selected"].reference],
        "office:agreement-act": [world.agreement.pk, "recall"],
        "office:agreement-read-copy": [world.agreement.pk, world.others["copy"].pk],
        "office:template": [world.call.pk, "selected"],
        "office:reviewers-file": [reading.pk],
        "office:reviewers-profile": [world.others["juror"].pk],
        "office:call-move": [world.call.slug, "clore"],
        "office:call-part": {"slug": world.call.slug, "part": "montants"},
        "office:call-items": {"slug": world.call.slug, "part": "criteria"},
        "office:call-item-new": {"slug": world.call.slug, "part": "criteria"},
        "office:call-question-new": {"slug": world.call.slug, "section": "project", "part": "questions"},
        "office:view-rename": [world.others["view"].pk],
        "office:view-delete": [world.others["view"].pk],
        "jury:document": [review.pk, reading.documents.get().pk],
    }
    families = [  # the first that fits
        ("office:call-item", {"slug": world.call.slug, "part": "criteria", "key": "innovation"}),
        ("office:call-question", {"slug": world.call.slug, "section": "project", "part": "questions", "key": "need"}),
        ("office:agreement", [world.agreement.pk]),
        ("office:basin-", [world.owner.organisation_id]),
        ("office:account", [world.others["account"].pk]),
        ("office:payment-hold", [world.others["due"].pk]),
        ("office:run", [world.others["run"].pk]),
        ("office:amendment", [world.agreement.pk, 1]),
        ("office:clause", [world.agreement.application.call.funder.clauses.first().pk]),
        ("applicant:amendment", [file.reference, 1]),
        ("office:committee", [window]),
        ("office:reviewers", [window]),
        ("office:letter", [world.letter.pk]),
        ("office:outbox", [world.call.pk]),
        ("office:templates", [world.call.pk]),
        ("office:call", [world.call.slug]),
        ("jury:", [review.pk]),
        *((f"applicant:receipts-{one}", gift) for one in ("gift", "confirm", "edit", "withdraw", "issue")),
        ("company:gift", [world.others["company"].pk, gift[1]]),
        ("company:exercise-new", [world.others["company"].pk]),
        ("company:exercise-", [world.others["company"].pk, world.others["exercise"].pk]),
        ("applicant:receipts", [world.owner.organisation_id]),
        ("applicant:report", [file.reference, world.reports["draft"].pk]),
        ("applicant:partners-commitment-act", [file.reference, commitment[1], "programmer"]),
        ("applicant:partners-commitment-sheet", [file.reference, visit, "emargement"]),
        ("applicant:partners-commitment", [file.reference, commitment[1]]),
        ("applicant:partners-ask", [file.reference, world.others["company"].pk]),
        ("applicant:", [file.reference]),
        ("public:call", [world.call.slug]),
        ("public:eligibility", [world.call.slug]),
        ("public:edition", [world.call.slug]),
        ("member:organisation", [world.owner.organisation_id]),
        ("member:invite", [world.owner.organisation_id]),
        ("company:home", []),
        ("company:agenda-feed", [world.others["company"].company_profile.calendar_token]),
        ("company:commitment-act", [*commitment, "retirer"]),
        ("company:commitments-certificate", [commitment[0], timezone.localdate().year]),
        ("company:commitments", [commitment[0]]),
        ("company:commitment-sheet", [commitment[0], visit, "emargement"]),
        ("company:commitment-strike", [*commitment, world.others["work"].pk]),
        ("company:commitment", commitment),
        ("company:commit", [world.others["company"].pk, world.files["followed"].reference]),
        ("company:", [world.others["company"].pk]),
        *((name, [file.reference]) for name in OF_A_FILE),
    ]
    if name in special:
        return special[name]
    return next((words for start, words in families if name.startswith(start)), [])


def address(world, name, file):
    if name in LISTS - {"applicant:start"}:
        return reverse(name)
    words = arguments(world, name, file)
    return reverse(name, kwargs=words) if isinstance(words, dict) else reverse(name, args=words)


def rows():
    """(address, state): each address once, those about a file once a state."""
    for name in names():
        if name == "office:act":
            yield from ((f"{name} {verb}", state) for verb in VERBS for state in STATES)
        elif name.startswith(OF_A_FILE) and not name.startswith(OF_AN_AGREEMENT) and name not in LISTS:
            yield from ((name, state) for state in STATES)
        else:
            yield name, ""


def word(answer):
    if answer.status_code == 302:
        return "in" if reverse("account_login") in answer["Location"] else "302"
    return str(answer.status_code)


def browsers(world):
    """One signed-in client a role."""
    clients = {role: Client() for role in world.people}
    for role, person in world.people.items():
        if person:
            clients[role].force_login(person)
    return clients


def file_of(world, name, state):
    """The file that an address of the table is about."""
    return world.files[state or ("followed" if name.startswith(OF_AN_AGREEMENT) else "in_review")]


def answers(clients, world, name, state):
    """What each role gets, `GET/POST`; nothing that a request writes is kept."""
    file = file_of(world, name, state)
    where, _, verb = name.partition(" ")
    path = reverse(where, args=[file.reference, verb]) if verb else address(world, where, file)
    for role, client in clients.items():
        said = []
        for method in (client.get, client.post):
            with transaction.atomic():
                answer = method(path)
                said.append(word(answer))
                deque(answer.streaming_content if answer.streaming else (), maxlen=0)  # read to its end, it closes
                transaction.set_rollback(True)
        yield role, "/".join(said)


def measured(world, space):
    clients = browsers(world)
    mine = [(name, state) for name, state in rows() if name.startswith(space)]
    return {(name, state): dict(answers(clients, world, name, state)) for name, state in mine}


def kept():
    with TABLE.open(encoding="utf-8") as file:
        return {(row.pop("address"), row.pop("state")): row for row in csv.DictReader(file)}


@pytest.fixture
def world(db):
    return build()


def rewrite(found, space):
    """Put what was found for one space in the table, in the table's order."""
    table = kept() | found
    table = {row: said for row, said in table.items() if not row[0].startswith(space) or row in found}
    with TABLE.open("w", encoding="utf-8", newline="") as file:
        out = csv.DictWriter(file, ["address", "state", *next(iter(found.values()))], lineterminator="\n")
        out.writeheader()
        out.writerows({"address": name, "state": state} | table[name, state] for name, state in sorted(table))


@pytest.mark.parametrize("space", SPACES)
def test_every_address_answers_each_role_as_the_table_says(world, request, space):
    found = measured(world, space)
    if request.config.getoption("--write-permissions"):
        rewrite(found, space)
    expected = {row: said for row, said in kept().items() if row[0].startswith(space)}
    assert set(found) == set(expected)
    assert {row: said for row, said in found.items() if said != expected[row]} == {}


def test_no_address_is_outside_the_table():
    assert {row for row in rows() if not row[0].startswith(tuple(SPACES))} == set()


def test_a_stranger_learns_nothing_of_a_file():
    """Read from the table: whoever has no part in a file gets 404 on each of its addresses, in every state."""
    strangers = ("participant", "stranger", "contact", "mentor", "idle_juror", "elsewhere")
    told = [
        (row, role, said[role])
        for row, said in kept().items()
        if row[0].startswith(OF_A_FILE) and row[0] not in LISTS
        for role in strangers
        if set(said[role].split("/")) - {"404", "405"}
    ]
    assert told == []


OPEN = ("public:", "ui:", "company:agenda-feed", "member:invitation", "member:erased")


def test_nobody_enters_without_signing_in():
    closed = [row for row in kept() if not row[0].startswith(OPEN) or "basin" in row[0]]
    assert [row for row in closed if set(kept()[row]["nobody"].split("/")) - {"in", "401", "405"}] == []
