"""What was proposed to a firm or to a project, with what each page shows beside it."""

from django.db.models import Prefetch, QuerySet

from terreau.accounts.models import Organisation
from terreau.engagement.lifecycle import NeedState
from terreau.engagement.models import Need, Proposal
from terreau.engagement.queries.matching import supported
from terreau.projects.models import Application
from terreau.territories.models import Territory

Reader = Proposal.Reader
OPEN_NEEDS = Prefetch("application__needs", Need.objects.filter(state=NeedState.OPEN), "open_needs")


def to_company(company: Organisation) -> QuerySet[Proposal]:
    """The projects proposed to a firm, the best first."""
    mine = Proposal.objects.filter(company=company, reader=Reader.COMPANY, application__in=supported().order_by())
    placed = Prefetch("application__territories", Territory.objects.exclude(latitude=None).order_by("-population"))
    found = mine.select_related("application__holder__commune", "company")
    return found.prefetch_related("application__themes", placed, OPEN_NEEDS).order_by("-score", "pk")


def to_project(application: Application) -> QuerySet[Proposal]:
    """The firms proposed to a project: those with an account that agreed to it, and no other."""
    mine = Proposal.objects.filter(application=application, reader=Reader.PROJECT)
    listed = mine.filter(company__company_profile__is_listed=True)
    return listed.select_related("company__commune", "company__company_profile").order_by("-score", "pk")


def willing(application: Application) -> QuerySet[Proposal]:
    """The firms that said yes to a project."""
    yes = Proposal.objects.filter(application=application, reader=Reader.COMPANY, answer="yes")
    return yes.select_related("company__commune").order_by("-answered_at")
