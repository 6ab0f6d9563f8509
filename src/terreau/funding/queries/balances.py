"""Balances: sums of postings, read from the covering indexes."""

from django.db.models import Q, Sum

from terreau.calls.models import Window
from terreau.funding.lifecycle import Account
from terreau.funding.models import Agreement, Posting
from terreau.projects.models import Application

type Balances = dict[Account, int]


def balances(of: Window | Application | Agreement) -> Balances:
    """What stands in every account, in cents: of a window, or of one file (an agreement is that of one file).

    `funds` and `demand` are sources: minus what was put in.
    """
    if isinstance(of, Window):
        scope = Q(window=of)
    else:
        scope = Q(application=of.application_id if isinstance(of, Agreement) else of.pk)
    rows = Posting.objects.filter(scope).order_by().values_list("account").annotate(Sum("amount_cents"))
    return dict.fromkeys(Account, 0) | {Account(account): cents for account, cents in rows}
