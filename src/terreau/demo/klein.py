"""What the firm of the visitors committed to, told by hand: each state that a company head meets. Plain values."""

from datetime import date, timedelta
from typing import Any

from terreau.demo.clock import moment
from terreau.demo.commitments import DAY, Engagement, Hours, weekday

WORKSHOP = "14 rue de la Filature, Mulhouse"
VISIT: dict[str, Any] = {
    "place": WORKSHOP,
    "capacity": 10,
    "accessibility": "De plain-pied, stationnement devant l’entrée, sanitaires accessibles. Casques "
    "fournis à l’atelier, salle calme au premier étage avec ascenseur.",
    "briefing": "Chaussures fermées. Gilet et lunettes prêtés à l’accueil ; ne pas franchir les lignes jaunes.",
}
SESSIONS = (
    "Premier rendez-vous : attentes et calendrier",
    "Tour de l’atelier, les métiers du contrôle qualité",
    "Relecture d’un CV et de deux lettres",
    "Préparation d’un entretien, consignes écrites",
    "Point d’étape avec la structure",
)


def commitments(today: date) -> tuple[Engagement, ...]:
    """The oldest first."""
    return (_visited(today), _mentoring(today), _introduced(today), _immersion(today), _visit(today), *_open(today))


def _visited(today: date) -> Engagement:
    """Months ago, attested: a line of the certificate."""
    held = weekday(today - timedelta(days=152))
    return Engagement(
        form="visit",
        title="Visite de l’atelier d’usinage",
        text="Un groupe de huit à dix personnes, deux heures, avec le chef d’atelier.",
        proposed_on=held - 30 * DAY,
        agreed_on=held - 26 * DAY,
        planned_on=held - 21 * DAY,
        plan=VISIT | {"starts_at": moment(held, 9, 30), "ends_at": moment(held, 11, 30)},
        log=(Hours(held, 180, "Préparation et accueil du groupe"),),
        done_on=held + DAY,
        attendance=8,
        attested_on=held + 4 * DAY,
    )


def _mentoring(today: date) -> Engagement:
    """In course, its hours kept by the mentor of the firm."""
    first = weekday(today - timedelta(days=75))
    days = [weekday(first + timedelta(days=14 * rank)) for rank in range(len(SESSIONS))]
    return Engagement(
        form="mentoring",
        title="Être mentor : deux heures par mois pendant neuf mois",
        text="Émile Rocher, responsable qualité, reçoit la personne à l’atelier ou l’appelle. Elle choisit les sujets.",
        proposed_on=first - 20 * DAY,
        agreed_on=first - 17 * DAY,
        planned_on=first - 12 * DAY,
        plan={
            "starts_at": moment(first, 0),
            "ends_at": moment(first + timedelta(days=273), 0),
            "place": WORKSHOP,
            "hours_a_month": 2,
            "months": 9,
        },
        log=tuple(Hours(day, 60, note, by_mentor=True) for day, note in zip(days, SESSIONS, strict=True)),
    )


def _introduced(today: date) -> Engagement:
    """Took place last week; the structure has still to attest it."""
    held = weekday(today - timedelta(days=9))
    return Engagement(
        form="network",
        title="Présenter le projet à trois sous-traitants",
        text="Un petit-déjeuner à l’atelier : nous invitons, la structure présente.",
        proposed_on=held - 25 * DAY,
        agreed_on=held - 24 * DAY,
        planned_on=held - 20 * DAY,
        plan={"starts_at": moment(held, 8, 30), "ends_at": moment(held, 10), "place": WORKSHOP},
        done_on=held + DAY,
    )


def _immersion(today: date) -> Engagement:
    """Planned; two of its three parties have signed."""
    first = weekday(today + timedelta(days=44))
    return Engagement(
        form="immersion",
        title="Une immersion de dix jours au contrôle qualité",
        text="Horaires fixes, consignes écrites, poste au calme. La personne observe d’abord, puis essaie les gestes.",
        by_company=False,
        proposed_on=today - 17 * DAY,
        agreed_on=today - 14 * DAY,
        planned_on=today - 8 * DAY,
        plan={
            "starts_at": moment(first, 0),
            "ends_at": moment(first + 11 * DAY, 0),
            "place": WORKSHOP,
            "purpose": "discover",
            "tutor": "Émile Rocher",
        },
        signed=(("company", today - 6 * DAY), ("referrer", today - 4 * DAY)),
    )


def _visit(today: date) -> Engagement:
    held = weekday(today + timedelta(days=30))
    return Engagement(
        form="visit",
        title="Deuxième visite de l’atelier, côté montage",
        text="Même déroulé que la première fois, avec l’équipe de montage et une salariée arrivée cette année.",
        proposed_on=today - 13 * DAY,
        agreed_on=today - 11 * DAY,
        planned_on=today - 7 * DAY,
        plan=VISIT | {"starts_at": moment(held, 14), "ends_at": moment(held, 16)},
    )


def _open(today: date) -> tuple[Engagement, ...]:
    """A yes without a date yet, an offer given up, and what the structure asks of the firm: it waits for an answer."""
    skills = Engagement(
        form="skills",
        title="Relire des CV et préparer des entretiens",
        text="Deux demi-journées de notre responsable des ressources humaines, sur son temps de travail.",
        value_cents=480_00,
        proposed_on=today - 10 * DAY,
        agreed_on=today - 6 * DAY,
    )
    given_up = Engagement(
        form="goods",
        title="Donner trois ordinateurs de bureau",
        text="",
        value_cents=450_00,
        proposed_on=today - 9 * DAY,
        withdrawn_on=today - 5 * DAY,
        withdrawal="Les machines sont trop anciennes pour les logiciels du groupe.",
        withdrawn_by_company=False,
    )
    asked = Engagement(
        form="awareness",
        title="Accueillir une séance d’une heure et demie avec votre équipe",
        text="Nous venons à deux et parlons de l’accueil d’un nouveau collègue : consignes écrites, lieu calme, "
        "horaires stables. Pour dix personnes au plus, à la date qui vous convient.",
        by_company=False,
        proposed_on=today - 3 * DAY,
    )
    return skills, given_up, asked
