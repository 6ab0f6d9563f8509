"""Small objects for tests, made straight in the tables: each function makes one thing and what it needs."""

from datetime import date, timedelta
from itertools import count

from django.utils import timezone

from terreau.accounts.models import FUNDER_ROLES, LegalForm, Membership, Organisation, Role, User
from terreau.calls import rulebook
from terreau.calls.lifecycle import State as CallState
from terreau.calls.models import Call, Version, Window
from terreau.projects.lifecycle import DECIDED, FILED, State
from terreau.projects.models import Application, Collaborator, Target, Theme
from terreau.territories.models import Level, Territory

PASSWORD = "terreau-essai-2025"
numbers = count(1)


def luhn(digits: str) -> str:
    """The digit that closes a SIREN or a SIRET."""
    total = sum(sum(divmod(int(d) * (2 - i % 2), 10)) for i, d in enumerate(reversed(digits)))
    return str(-total % 10)


def siret() -> str:
    siren = f"9{next(numbers):07d}"
    siren += luhn(siren)
    return siren + "0001" + luhn(siren + "0001")


def region(code="44", name="Grand Est") -> Territory:
    return Territory.objects.get_or_create(level=Level.REGION, code=code, defaults={"name": name})[0]


def user(email="", **fields) -> User:
    number = next(numbers)
    fields = {"first_name": "Camille", "last_name": f"Essai{number}"} | fields
    return User.objects.create_user(email or f"personne{number}@exemple.fr", PASSWORD, **fields)


def organisation(**fields) -> Organisation:
    number = next(numbers)
    defaults = {
        "kind": Organisation.Kind.ASSOCIATION,
        "name": f"Association {number}",
        "siret": siret(),
        "legal_form": LegalForm.ASSOCIATION,
        "founded_on": date(2015, 3, 1),
        "accounts_closed": True,
    }
    return Organisation.objects.create(**defaults | fields)


def funder() -> Organisation:
    found = Organisation.objects.filter(kind=Organisation.Kind.FUNDER).first()
    return found or organisation(kind=Organisation.Kind.FUNDER, name="Le financeur", legal_form=LegalForm.PUBLIC_BODY)


def membership(role=Role.HOLDER, *, person=None, of=None, regions=()) -> Membership:
    of = of or (funder() if role in FUNDER_ROLES else organisation())
    made = Membership.objects.create(user=person or user(), organisation=of, role=role)
    made.regions.set(regions)
    return made


def person(role=Role.HOLDER, **options) -> User:
    """Somebody who holds this role."""
    return membership(role, **options).user


def rules(**changes) -> rulebook.Rulebook:
    """Rules with a little of everything and one window, open for thirty days yet."""
    now = timezone.now().replace(microsecond=0)
    choice, question = rulebook.Choice, rulebook.Question
    content = {
        "kinds": (choice("pilot", "Expérimentation"), choice("scaling", "Changement d’échelle")),
        "domains": (choice("inclusion", "Solidarité et inclusion"), choice("territories", "Territoires")),
        "themes": (choice("mentoring", "Parrainage"), choice("mobility", "Mobilité")),
        "publics": (choice("graduate", "Jeunes diplômés"), choice("cadre", "Cadres"), choice("firm", "TPE-PME")),
        "amounts": rulebook.Amounts(500_000, 20_000_000, 0.7, "paramètre fictif"),
        "eligibility": rulebook.Eligibility(
            legal_forms=("association", "local_association", "esus"),
            minimum_age_months=12,
            age_at=now.date(),
            accounts_closed=True,
            seats=("metropole", "drom"),
            source="Règlement, article 2",
        ),
        "windows": (
            rulebook.WindowRule(
                "mai", "Mai", now - timedelta(30), now + timedelta(30), 200_000_000, now.date() + timedelta(60)
            ),
        ),
        "criteria": (
            rulebook.Criterion("innovation", "Innovation sociale", 2.0, "Que change le projet ?"),
            rulebook.Criterion("impact", "Effets attendus"),
        ),
        "sections": (
            rulebook.Section(
                "project",
                "Le projet",
                questions=(
                    question("need", "long_text", "À quel besoin répondez-vous ?", required=True, limit=300),
                    question("since", "short_text", "Depuis quand ?"),
                ),
            ),
        ),
        "documents": (rulebook.DocumentRule("statutes", "Statuts"),),
    }
    return rulebook.Rulebook(**content | changes)


def call(*, state=CallState.OPEN, rulebook_=None, **fields) -> Call:
    """A call with one published version and its windows."""
    number = next(numbers)
    defaults = {"slug": f"appel-{number}", "title": f"Appel à projets {number}", "edition": 2025}
    made = Call.objects.create(**{"funder": funder(), "state": state} | defaults | fields)
    content = rulebook_ or rules()
    Version.objects.create(call=made, number=1, content=rulebook.dump(content), published_at=timezone.now())
    for w in content.windows:
        Window.objects.create(
            call=made,
            key=w.key,
            label=w.label,
            opens_at=w.opens_at,
            deadline=w.deadline,
            committee_on=w.committee_on,
            envelope_cents=w.envelope_cents,
        )
    return made


def application(*, of=None, holder=None, owner=None, state=State.DRAFT, themes=(), publics=None, **fields):
    """A file of a call; `owner` is the membership that owns it, `publics` maps a key to the expected number."""
    of = of or call()
    holder = holder or (owner.organisation if owner else organisation())
    number = next(numbers)
    defaults = {
        "reference": f"T25-{number:04d}",
        "call": of,
        "window": of.windows.first(),
        "version": of.current,
        "holder": holder,
        "state": state,
        "title": f"Projet {number}",
        "summary": "Un projet utile.",
        "kind": "pilot",
        "domain": "inclusion",
        "requested_cents": 5_000_000,
        "total_cents": 10_000_000,
        "submitted_at": timezone.now() if state in FILED else None,
        "granted_cents": 5_000_000 if state == State.SELECTED else None,
        "announced_at": timezone.now() if state in DECIDED else None,
    }
    made = Application.objects.create(**defaults | fields)
    if made.region_id:
        made.regions.add(made.region)
    Theme.objects.bulk_create(Theme(application=made, key=key) for key in themes)
    Target.objects.bulk_create(Target(application=made, public=k, expected=n) for k, n in (publics or {}).items())
    if owner:
        Collaborator.objects.create(application=made, membership=owner, role=Collaborator.Role.OWNER)
    return made
