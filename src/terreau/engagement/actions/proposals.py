"""Firms and projects brought together: proposed by the matching or by a delegate, then answered yes, later or no."""

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from terreau.accounts import actions as accounts
from terreau.accounts import queries as people
from terreau.accounts.models import Organisation, Role, User
from terreau.core import journal, mail
from terreau.core.moves import Refused
from terreau.engagement.lifecycle import Answer, Because
from terreau.engagement.models import Proposal
from terreau.engagement.queries import matching
from terreau.engagement.rulebook.matching import matching_on
from terreau.projects.models import Application
from terreau.projects.queries.holder import writers

if TYPE_CHECKING:
    from terreau.methods.matching.both_ways import Match, Wish

Reader = Proposal.Reader


def propose_matches(day: date, *, only: Application | None = None, by: User | None = None) -> int:
    """Firms to every project that seeks some (`only` one to be written), shared out; how many stand there now.

    Ranked before anything is locked: ranking takes seconds in which others write, storing it a moment.
    """
    projects = list(matching.supported().filter(needs__state="open").distinct())
    found = matching.pairs_of(matching.firms_for(projects, matching_on(day), day))
    kept = {pair: match for pair, match in found.items() if only is None or pair[0] == only.pk}
    written = [only] if only else projects
    standing = Proposal.objects.filter(reader=Reader.PROJECT, application__in=written).exclude(company=None)
    with transaction.atomic():
        changed = _store(standing, kept, Reader.PROJECT, day)
        journal.record_all([one for one in written if by or one.pk in changed], "firms_proposed", by=by)
    return len(kept)


def propose_projects(
    company: Organisation, day: date, *, among: "Collection[Wish] | None" = None, by: User | None = None
) -> int:
    """Projects to a firm; how many stand there now. `among`: all of them, where many firms are served in a row."""
    found = matching.pairs_of(matching.projects_for(company, matching_on(day), day, among))
    standing = Proposal.objects.filter(reader=Reader.COMPANY, company=company)
    with transaction.atomic():
        if _store(standing, found, Reader.COMPANY, day) or by:
            journal.record(company, "projects_proposed", by=by, count=len(found))
    return len(found)


def propose_all(day: date) -> tuple[int, int]:
    """Every ranking anew: firms standing before projects, projects standing before firms."""
    told = Organisation.objects.filter(company_profile__isnull=False).order_by("pk")
    among = matching.all_wishes(matching_on(day))
    return propose_matches(day), sum(propose_projects(company, day, among=among) for company in told)


@transaction.atomic
def answer(
    proposal: Proposal,
    said: str,
    *,
    day: date,
    because: str = "",
    about: str = "",
    reason: str = "",
    by: User | None,
) -> Proposal:
    """Keep what the reader answered: a no is final, "later" has its date, a yes is told to the other side by mail."""
    if said not in Answer:
        raise Refused(_("Répondez oui, plus tard ou non."))
    if said == Answer.NO and because not in Because:
        raise Refused(_("Dites pourquoi en un mot : la suite en tient compte."))
    proposal.answer, proposal.answered_by = said, by
    proposal.because, proposal.about, proposal.reason = (
        (because, about[:40], reason.strip()[:200]) if said == Answer.NO else ("", "", "")
    )
    later = day + timedelta(days=matching_on(day).later_days)
    proposal.again_on = later if said == Answer.LATER else None
    proposal.answered_at = timezone.now()
    proposal.save()
    journal.record(
        proposal.application, f"proposal_{said}", by=by, proposal=proposal.pk, reader=proposal.reader, because=because
    )
    if said == Answer.YES:
        _tell(proposal)
    return proposal


@transaction.atomic
def introduce(application: Application, company: Organisation, *, email: str = "", by: User) -> Proposal:
    """A delegate brings a firm to a project: its contacts read of it, or somebody is invited who may become one."""
    contacts = _contacts(company)
    if not contacts and not email:
        raise Refused(_("Personne n’agit encore ici pour cette entreprise : donnez une adresse e-mail à inviter."))
    proposal, made = Proposal.objects.get_or_create(
        application=application,
        company=company,
        reader=Reader.COMPANY,
        defaults={"siren": company.siren, "score": 0, "parts": {"introduced": True}},
    )
    if not made and proposal.answer == Answer.NO:
        raise Refused(_("Cette entreprise a répondu non à ce projet."))
    if not made:
        proposal.parts = proposal.parts | {"introduced": True}
        proposal.save(update_fields=["parts"])
    journal.record(application, "firm_introduced", by=by, company=company.pk, siren=company.siren)
    if not contacts:
        accounts.invite(company, email=email, role=Role.CONTACT, by=by)
    for contact in contacts:
        with translation.override(contact.language):
            subject = _("Un projet près de vous : %(title)s") % {"title": application.title}
            _post(proposal, "introduced", contact, subject, _company_page(proposal))
    return proposal


@transaction.atomic
def introduce_new(application: Application, identity: Mapping[str, Any], *, email: str, by: User) -> Proposal:
    """The same for a firm that has no account yet: its identity enters, and the person of this address is invited."""
    known = people.known(siret=identity.get("siret") or "")
    company = known or accounts.create_organisation(kind=Organisation.Kind.COMPANY, **identity, by=by)
    return introduce(application, company, email=email, by=by)


def _store(standing: QuerySet[Proposal], found: "Mapping[tuple[int, int], Match]", reader: str, day: date) -> set[int]:
    """Write what is proposed now; the projects whose list is another. What was answered stays, what waits may go."""
    held = {(one.application_id, one.company_id): one for one in standing}
    gone = [one for pair, one in held.items() if pair not in found and not one.answer and not _by_hand(one)]
    Proposal.objects.filter(pk__in=[one.pk for one in gone]).delete()
    companies = Organisation.objects.in_bulk({company for _application, company in found})
    fresh, changed = [], []
    for (application, company), match in found.items():
        said = {"km": round(match.km, 1), "values": dict(match.parts), "telling": list(match.telling)}
        one = held.get((application, company))
        if one is None:
            siren = companies[company].siren
            one = Proposal(application_id=application, company_id=company, siren=siren, reader=reader)
            fresh.append(one)
        elif one.answer and not (one.again_on and one.again_on <= day):
            continue  # answered while this was ranked
        else:
            said |= {key: one.parts[key] for key in ("introduced", "wanted") if key in one.parts}
            one.answer, one.again_on = "", None  # its day came: it is asked again
            changed.append(one)
        one.score, one.parts = match.score, said
    Proposal.objects.bulk_create(fresh, batch_size=500)
    Proposal.objects.bulk_update(changed, ["score", "parts", "answer", "again_on"], batch_size=500)
    return {one.application_id for one in [*gone, *fresh]}


def _by_hand(proposal: Proposal) -> bool:
    """Brought by a delegate or wanted by the project: the ranking does not take it away."""
    return bool(proposal.parts.keys() & {"introduced", "wanted"})


def _tell(proposal: Proposal) -> None:
    """The other side reads that this one said yes."""
    if proposal.reader == Reader.COMPANY:
        for person in writers(proposal.application):
            with translation.override(person.language):
                subject = _("%(name)s veut bien rencontrer votre projet") % {"name": proposal.company}
                page = mail.link(reverse("applicant:partners", args=[proposal.application.reference]))
                _post(proposal, "yes", person, subject, page)
        return
    if proposal.company is None:
        return
    other, _made = Proposal.objects.get_or_create(
        application=proposal.application,
        company=proposal.company,
        reader=Reader.COMPANY,
        defaults={"siren": proposal.siren, "score": proposal.score, "parts": proposal.parts},
    )
    other.parts = other.parts | {"wanted": True}
    other.save(update_fields=["parts"])
    for person in _contacts(proposal.company):
        with translation.override(person.language):
            subject = _("Un projet aimerait vous rencontrer : %(title)s") % {"title": proposal.application.title}
            _post(proposal, "yes", person, subject, _company_page(proposal))


def _contacts(company: Organisation) -> Collection[User]:
    return [m.user for m in people.members(company) if m.role == Role.CONTACT and m.user.is_active]


def _company_page(proposal: Proposal) -> str:
    return mail.link(reverse("company:projects", args=[proposal.company_id]))


def _post(proposal: Proposal, what: str, person: User, subject: str, page: str) -> None:
    body = _(
        "Bonjour,\n\nProjet : %(title)s, porté par %(holder)s.\nEntreprise : %(company)s.\n\n"
        "La suite se passe ici :\n%(page)s\n\nRien ne vous engage tant que vous n’avez pas répondu.\n"
    ) % {
        "title": proposal.application.title,
        "holder": proposal.application.holder,
        "company": proposal.company,
        "page": page,
    }
    mail.post(f"proposal:{proposal.pk}:{what}:{person.pk}", to=person.email, subject=subject, body=body)
