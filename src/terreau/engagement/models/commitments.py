"""What a project seeks, who is proposed to whom, and what a firm commits to."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from terreau.accounts.models import Organisation, User
from terreau.engagement.lifecycle import Answer, Because, CommitmentState, Form, NeedState
from terreau.projects.models import Application


class Need(models.Model):
    """One thing that a project seeks among the firms around it."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="needs", verbose_name=_("projet"))
    form = models.CharField(_("forme d’engagement"), max_length=16, choices=Form)
    title = models.CharField(_("intitulé"), max_length=120)
    text = models.TextField(_("précisions"), blank=True, max_length=2000)
    starts_on = models.DateField(_("à partir du"), null=True, blank=True)
    ends_on = models.DateField(_("jusqu’au"), null=True, blank=True)
    wanted = models.PositiveSmallIntegerField(_("combien"), default=1)
    state = models.CharField(_("état"), max_length=6, choices=NeedState, default=NeedState.OPEN, db_index=True)
    made_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("écrit par"))
    made_at = models.DateTimeField(_("écrit le"), auto_now_add=True)

    class Meta:
        verbose_name = _("besoin")
        verbose_name_plural = _("besoins")
        ordering = ["starts_on", "id"]

    def __str__(self) -> str:
        return self.title


class Proposal(models.Model):
    """A firm and a project brought together by the matching, and what was answered: the next ranking reads it.

    `company` is empty for a firm that is in the directory alone: it has no account, and only a delegate contacts it.
    """

    class Reader(models.TextChoices):
        COMPANY = "company", _("l’entreprise")
        PROJECT = "project", _("le projet")

    application = models.ForeignKey(Application, models.CASCADE, related_name="proposals", verbose_name=_("projet"))
    siren = models.CharField(_("SIREN"), max_length=9)
    company = models.ForeignKey(
        Organisation, models.CASCADE, null=True, blank=True, related_name="proposals", verbose_name=_("entreprise")
    )
    reader = models.CharField(_("proposé à"), max_length=7, choices=Reader)
    score = models.FloatField(_("score"))
    parts = models.JSONField(_("détail du score"), default=dict)
    proposed_at = models.DateTimeField(_("proposé le"), auto_now_add=True)
    answer = models.CharField(_("réponse"), max_length=5, choices=Answer, blank=True)
    because = models.CharField(_("parce que"), max_length=5, choices=Because, blank=True)
    about = models.CharField(_("forme ou thème en cause"), max_length=40, blank=True)
    reason = models.CharField(_("précision"), max_length=200, blank=True)
    again_on = models.DateField(_("à proposer de nouveau le"), null=True, blank=True)
    answered_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("répondu par")
    )
    answered_at = models.DateTimeField(_("répondu le"), null=True, blank=True)

    class Meta:
        verbose_name = _("proposition")
        verbose_name_plural = _("propositions")
        ordering = ["-score", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "company", "reader"], condition=~Q(company=None), name="one_proposal_a_reader"
            ),
            models.UniqueConstraint(
                fields=["application", "siren", "reader"], condition=Q(company=None), name="one_proposal_a_siren"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id}, {self.siren}"


class Commitment(models.Model):
    """What a firm commits to for a project. No name of any participant here.

    A visit counts its attendance and says whether its structure keeps the signed list: the list itself stays there.
    """

    application = models.ForeignKey(Application, models.PROTECT, related_name="commitments", verbose_name=_("projet"))
    company = models.ForeignKey(Organisation, models.PROTECT, related_name="commitments", verbose_name=_("entreprise"))
    need = models.ForeignKey(
        Need, models.SET_NULL, null=True, blank=True, related_name="commitments", verbose_name=_("besoin")
    )
    form = models.CharField(_("forme d’engagement"), max_length=16, choices=Form)
    title = models.CharField(_("intitulé"), max_length=120)
    text = models.TextField(_("précisions"), blank=True, max_length=2000)
    state = models.CharField(
        _("état"), max_length=12, choices=CommitmentState, default=CommitmentState.PROPOSED, db_index=True
    )
    proposed_by_company = models.BooleanField(_("proposé par l’entreprise"), default=True)
    starts_at = models.DateTimeField(_("début"), null=True, blank=True)
    ends_at = models.DateTimeField(_("fin"), null=True, blank=True)
    place = models.CharField(_("lieu"), max_length=200, blank=True)
    capacity = models.PositiveSmallIntegerField(_("places"), null=True, blank=True)
    attendance = models.PositiveSmallIntegerField(_("personnes présentes"), null=True, blank=True)
    is_list_kept = models.BooleanField(_("liste d’émargement gardée par la structure"), default=False)
    accessibility = models.TextField(_("accessibilité du lieu"), blank=True, max_length=1000)
    briefing = models.TextField(_("consignes de sécurité"), blank=True, max_length=1000)
    hours_a_month = models.PositiveSmallIntegerField(_("heures par mois"), null=True, blank=True)
    months = models.PositiveSmallIntegerField(_("nombre de mois"), null=True, blank=True)
    value_cents = models.BigIntegerField(_("valeur prévue"), null=True, blank=True)
    sequence = models.PositiveSmallIntegerField(_("version du rendez-vous"), default=0)
    withdrawal = models.CharField(_("motif du retrait"), max_length=200, blank=True)
    made_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("proposé par"))
    made_at = models.DateTimeField(_("proposé le"), auto_now_add=True)
    updated_at = models.DateTimeField(_("modifié le"), auto_now=True)

    class Meta:
        verbose_name = _("engagement")
        verbose_name_plural = _("engagements")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_at=None) | Q(ends_at=None) | Q(ends_at__gte=F("starts_at")), name="commitment_period"
            )
        ]

    def __str__(self) -> str:
        return self.title


class Immersion(models.Model):
    """The three-party agreement of a work immersion (PMSMP): signed before the start, a month at most.

    Code du travail L. 5135-1 s., décret 2023-1304. Who the person is stays with the project, outside this table.
    """

    class Purpose(models.TextChoices):
        DISCOVER = "discover", _("découvrir un métier")
        CONFIRM = "confirm", _("confirmer un projet")
        RECRUIT = "recruit", _("amorcer un recrutement")

    commitment = models.OneToOneField(
        Commitment, models.CASCADE, related_name="immersion", verbose_name=_("engagement")
    )
    purpose = models.CharField(_("objet"), max_length=9, choices=Purpose)
    tutor = models.CharField(_("tuteur·rice dans l’entreprise"), max_length=120)
    signed_by_company_on = models.DateField(_("signée par l’entreprise le"), null=True, blank=True)
    signed_by_person_on = models.DateField(_("signée par la personne le"), null=True, blank=True)
    signed_by_referrer_on = models.DateField(_("signée par le prescripteur le"), null=True, blank=True)

    class Meta:
        verbose_name = _("convention d’immersion")
        verbose_name_plural = _("conventions d’immersion")

    def __str__(self) -> str:
        return f"{self.commitment_id}"


class Work(models.Model):
    """Time given under a commitment: a line of its log. `minutes` of one day, on working time or not."""

    commitment = models.ForeignKey(Commitment, models.CASCADE, related_name="log", verbose_name=_("engagement"))
    on = models.DateField(_("jour"))
    minutes = models.PositiveIntegerField(_("minutes"))
    on_working_time = models.BooleanField(_("sur le temps de travail"), default=True)
    note = models.CharField(_("ce qui a été fait"), max_length=200, blank=True)
    logged_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("saisi par"))
    logged_at = models.DateTimeField(_("saisi le"), auto_now_add=True)

    class Meta:
        verbose_name = _("temps donné")
        verbose_name_plural = _("temps donnés")
        ordering = ["on", "id"]
        constraints = [models.CheckConstraint(condition=Q(minutes__gt=0, minutes__lte=1440), name="work_of_one_day")]

    def __str__(self) -> str:
        return f"{self.on}: {self.minutes}"

    @property
    def hours(self) -> float:
        return self.minutes / 60
