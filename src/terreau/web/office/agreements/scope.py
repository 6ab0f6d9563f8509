"""Which agreements exist for a person of the office: those of the files that they see, funders' own clauses."""

from django.shortcuts import get_object_or_404

from terreau.funding import queries
from terreau.web.office.gate import files_of


def agreements_of(user):
    return queries.agreements(files_of(user))


def agreement_or_404(request, pk):
    found = agreements_of(request.user).select_related(
        "application__call__funder", "application__window", "holder__commune", "document", "drafted_by"
    )
    return get_object_or_404(found.prefetch_related("territories"), pk=pk)


def amendment_or_404(request, pk, number):
    agreement = agreement_or_404(request, pk)
    amendment = get_object_or_404(agreement.amendments.select_related("document", "asked_by"), number=number)
    amendment.agreement = agreement
    return amendment


def clause_or_404(request, pk):
    return get_object_or_404(queries.clauses_for(request.user), pk=pk)
