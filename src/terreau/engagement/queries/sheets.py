"""Papers of commitments: the attendance sheet to sign, the agreement of an immersion, the firm's yearly certificate.

No participant's name is known here: those lines are printed empty, and filled in by hand.
"""

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone, translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from terreau.accounts.models import Organisation
from terreau.engagement.lifecycle import CommitmentState
from terreau.engagement.models import Commitment, Immersion
from terreau.engagement.queries.commitments import day, when
from terreau.engagement.queries.paper import made
from terreau.methods.giving.qualify import GIFTS
from terreau.methods.giving.qualify import Form as GivingForm

SPARE_LINES = 3
DOTS = "…" * 24


@translation.override("fr")
def attendance(found: Commitment) -> bytes:
    """The sheet of a visit or a session: a line a place, to be signed there and kept by the structure."""
    lines = (found.capacity or 12) + SPARE_LINES
    return _sheet(
        found,
        title=_("Feuille d’émargement"),
        head=[_("N°"), _("Nom et prénom"), _("Signature")],
        columns=[1, 6, 6],
        gap=10,
        rows=[[str(number), "\u00a0", "\u00a0"] for number in range(1, lines + 1)],
        sections=[(_("Consignes de sécurité"), [found.briefing])] if found.briefing else [],
        notes=[_("La structure garde cette feuille. Elle ne va ni à l’entreprise, ni au programme.")],
    )


@translation.override("fr")
def agreement(found: Commitment, immersion: Immersion) -> bytes:
    """What the decree of 2023 asks an immersion's agreement to say; the person's lines are left empty."""
    host, holder = found.company, found.application.holder
    days = {"first": day(found.starts_at), "last": day(found.ends_at)}
    return _sheet(
        found,
        title=_("Convention d’immersion professionnelle"),
        sections=[
            (
                _("Les parties"),
                [
                    [_("La personne accueillie"), DOTS],
                    [_("La structure d’accueil"), f"{host.name}, {host.siret_shown}, {_seat(host)}"],
                    [_("Le prescripteur"), DOTS],
                    [_("La structure qui accompagne"), ", ".join(filter(None, [holder.name, _seat(holder)]))],
                ],
            ),
            (
                _("L’immersion"),
                [
                    [_("Objet, un seul"), str(Immersion.Purpose(immersion.purpose).label)],
                    [_("Dates"), _("du %(first)s au %(last)s inclus, un mois au plus") % days],
                    [_("Lieu"), found.place],
                    [_("Horaires de présence"), DOTS],
                    [_("Tâches et gestes découverts"), found.text or DOTS],
                    [_("Tuteur ou tutrice"), immersion.tutor],
                    [_("Personne qui suit pour le prescripteur"), DOTS],
                ],
            ),
            (
                _("Les règles"),
                [
                    _("La personne garde son statut et ses droits\u00a0; elle n’est pas salariée de l’entreprise."),
                    _("Elle n’est pas payée par l’entreprise et n’occupe pas un poste de travail vacant."),
                    _("Elle suit le règlement intérieur, les horaires et les consignes de sécurité."),
                    _("Le tuteur ou la tutrice l’accueille, l’aide et la guide."),
                    _("Chacune des parties peut y mettre fin, en prévenant les autres."),
                ],
            ),
        ],
        parties=[
            [_("La personne accueillie"), _("Le"), _("Signature")],
            [_("L’entreprise d’accueil"), host.name, _("Le"), _("Signature")],
            [_("Le prescripteur"), _("Le"), _("Signature")],
        ],
        notes=[
            _(
                "Cette feuille prépare le formulaire Cerfa de la période de mise en situation en milieu professionnel, "
                "que le prescripteur habilité établit. Les trois parties signent avant le premier jour (Code du "
                "travail, art. L. 5135-1 à L. 5135-8\u00a0; décret n° 2023-1304 du 27 décembre 2023)."
            )
        ],
    )


@translation.override("fr")
def certificate(company: Organisation, year: int) -> bytes:
    """What the firm did in a year that is no gift and that its structures attested, with the hours given."""
    found = attested(company, year)
    minutes = sum(line.minutes for one in found for line in one.log.all())
    rows = [[capfirst(one.get_form_display()), _what(one), when(one), _hours(one)] for one in found]
    return made(
        "sheet",
        _frame(
            title=_("Attestation d’engagement %(year)s") % {"year": year},
            funder="Terreau",
            project=company.name,
            facts=[
                [_("Entreprise"), f"{company.name}, {company.siret_shown}"],
                [_("Engagements tenus et attestés"), str(len(found))],
                [_("Heures données"), _number(minutes)],
            ],
            head=[_("Forme"), _("Quoi, pour quel projet"), _("Quand"), _("Heures")],
            columns=[3, 6, 2, 1],
            rows=rows,
            notes=[
                _("Chaque ligne a été attestée dans l’application par la structure nommée."),
                _("Ceci n’est pas un reçu fiscal\u00a0: ces engagements ne sont pas des dons (CGI, art. 238 bis, 1)."),
            ],
        ),
        _stamp(),
    )


def attested(company: Organisation, year: int) -> list[Commitment]:
    """Acknowledged, no gift, begun that year (or proposed that year where it has no date), in the order of its days."""
    known = _known(company).select_related("application__holder").prefetch_related("log")
    return sorted((one for one in known if _begun(one).year == year), key=lambda one: (_begun(one), one.pk))


def years(company: Organisation) -> list[int]:
    """The years for which there is a certificate, the newest first."""
    return sorted({_begun(one).year for one in _known(company)}, reverse=True)


def _known(company: Organisation) -> QuerySet[Commitment]:
    forms = [form for form in GivingForm if form not in GIFTS]
    return Commitment.objects.filter(company=company, state=CommitmentState.ACKNOWLEDGED, form__in=forms)


def _begun(one: Commitment) -> date:
    return timezone.localdate(one.starts_at or one.made_at)


def _sheet(found: Commitment, **said: Any) -> bytes:
    facts = [[_("Engagement"), found.title], [_("Quand"), when(found)], [_("Lieu"), found.place]]
    framed = _frame(
        funder=found.application.holder.name,
        project=f"{found.application.title}, {found.company.name}",
        facts=[fact for fact in facts if fact[1]],
        **said,
    )
    return made("sheet", framed, _stamp())


def _frame(*, title: str, **said: Any) -> dict[str, Any]:
    empty: dict[str, Any] = {
        "sections": [],
        "head": [],
        "columns": [],
        "rows": [],
        "parties": [],
        "notes": [],
        "gap": 4.5,
    }
    page = {"lang": "fr", "draft": "", "digest": "", "words": {"page": _("page"), "digest": ""}}
    return empty | page | {"title": title, "number": title} | said


def _stamp() -> int:
    return int(timezone.now().timestamp())


def _seat(organisation: Organisation) -> str:
    return ", ".join(filter(None, [organisation.address, str(organisation.commune or "")]))


def _what(one: Commitment) -> str:
    return f"{one.title}, {one.application.title} ({one.application.holder.name})"


def _hours(one: Commitment) -> str:
    minutes = sum(line.minutes for line in one.log.all())
    return _number(minutes) if minutes else "–"


def _number(minutes: int) -> str:
    return f"{minutes / 60:.2f}".rstrip("0").rstrip(".").replace(".", ",")
