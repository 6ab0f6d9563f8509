"""Reports that an agreement owes, what they tell, how they were read; visits; the funder's parameters for all this.

The texts of a report are answers of its application under keys that carry the report's number (`prefix`), written by
the same versions and merges as the application itself. Lines and counts are copies of answers, kept in step.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from terreau.accounts.models import Organisation, User
from terreau.funding.lifecycle import ReportKind, ReportState
from terreau.funding.models.agreements import Agreement
from terreau.funding.models.payments import Instalment
from terreau.projects.models import BudgetLine


class ReportingRules(models.Model):
    """The parameters of one funder's reports from one day on (`rulebook.reporting.Reporting`)."""

    funder = models.ForeignKey(Organisation, models.PROTECT, related_name="reporting", verbose_name=_("financeur"))
    applies_from = models.DateField(_("en vigueur le"))
    values = models.JSONField(_("paramètres"), default=dict)
    source = models.CharField(_("source"), max_length=200, blank=True)
    entered_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("saisis par"))

    class Meta:
        verbose_name = _("paramètres des rapports")
        verbose_name_plural = _("paramètres des rapports")
        ordering = ["-applies_from", "-id"]
        constraints = [models.UniqueConstraint(fields=["funder", "applies_from"], name="reporting_rules_a_day")]

    def __str__(self) -> str:
        return f"{self.funder_id}, {self.applies_from}"


class Report(models.Model):
    """A milestone of the agreement: a report expected on a day, then written, sent, read.

    `number` tells reports of one kind apart: that of the instalment for a milestone, of the month for a follow-up.
    `rules` are the parameters in force when it was opened.
    """

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="reports", verbose_name=_("convention"))
    kind = models.CharField(_("nature"), max_length=10, choices=ReportKind)
    number = models.PositiveSmallIntegerField(_("numéro"))
    instalment = models.ForeignKey(
        Instalment, models.PROTECT, null=True, blank=True, related_name="reports", verbose_name=_("versement attendu")
    )
    due_on = models.DateField(_("attendu le"), db_index=True)
    state = models.CharField(_("état"), max_length=9, choices=ReportState, default=ReportState.EXPECTED, db_index=True)
    rules = models.JSONField(_("paramètres en vigueur"), default=dict)
    submitted_at = models.DateTimeField(_("envoyé le"), null=True, blank=True)

    class Meta:
        verbose_name = _("rapport")
        verbose_name_plural = _("rapports")
        ordering = ["due_on", "id"]
        constraints = [models.UniqueConstraint(fields=["agreement", "kind", "number"], name="one_report_a_milestone")]

    def __str__(self) -> str:
        return f"{self.agreement}, {self.title}"

    @property
    def title(self) -> str:
        """`bilan final`, `suivi à 6 mois`: as it is named in a sentence."""
        if self.kind == ReportKind.FOLLOW_UP:
            return _("suivi à %(months)s mois") % {"months": self.number}
        return str(ReportKind(self.kind).label)

    @property
    def prefix(self) -> str:
        """What the keys of its answers and documents start with."""
        return f"report-{self.pk}/"


class ReportLine(models.Model):
    """One line of the financial report. `key` is its name in the answer that it copies."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="lines", verbose_name=_("rapport"))
    key = models.CharField(_("clé"), max_length=12)
    rubric = models.CharField(_("rubrique"), max_length=3)
    label = models.CharField(_("intitulé"), max_length=200)
    planned_cents = models.BigIntegerField(_("prévu"), default=0)
    actual_cents = models.BigIntegerField(_("réalisé"), null=True, blank=True)
    explanation = models.TextField(_("explication de l’écart"), blank=True)
    status = models.CharField(_("état du cofinancement"), max_length=8, choices=BudgetLine.Status, blank=True)
    ours = models.BooleanField(_("subvention de ce financeur"), default=False)
    refused_cents = models.BigIntegerField(_("montant non retenu"), default=0)
    refusal = models.CharField(_("motif"), max_length=300, blank=True)
    position = models.PositiveSmallIntegerField(_("rang"), default=0)

    class Meta:
        verbose_name = _("ligne du compte rendu financier")
        verbose_name_plural = _("lignes du compte rendu financier")
        ordering = ["rubric", "position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["report", "key"], name="report_line_key"),
            models.CheckConstraint(condition=Q(planned_cents__gte=0), name="report_line_planned"),
            models.CheckConstraint(condition=Q(actual_cents=None) | Q(actual_cents__gte=0), name="report_line_actual"),
            models.CheckConstraint(
                condition=Q(refused_cents=0) | Q(refused_cents__gt=0, refused_cents__lte=models.F("actual_cents")),
                name="report_line_refused",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rubric} {self.label}"


class ReportCount(models.Model):
    """How many people of one public took part: a plain number, never a name."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="counts", verbose_name=_("rapport"))
    public = models.CharField(_("public"), max_length=40)
    expected = models.PositiveIntegerField(_("attendus"), default=0)
    reached = models.PositiveIntegerField(_("participants"), null=True, blank=True)

    class Meta:
        verbose_name = _("participants d’un public")
        verbose_name_plural = _("participants par public")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["report", "public"], name="report_public")]

    def __str__(self) -> str:
        return f"{self.public}: {self.reached}"


class ReportSubmission(models.Model):
    """A report as it was sent, whole, with its digest. Written once: a database trigger refuses changes."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="submissions", verbose_name=_("rapport"))
    number = models.PositiveSmallIntegerField(_("numéro"))
    content = models.JSONField(_("contenu"))
    digest = models.CharField(_("empreinte SHA-256"), max_length=64)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("envoyé par"))
    at = models.DateTimeField(_("envoyé le"))

    class Meta:
        verbose_name = _("envoi d’un rapport")
        verbose_name_plural = _("envois de rapports")
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["report", "number"], name="report_submission_number")]

    def __str__(self) -> str:
        return f"{self.report_id} n° {self.number}"


class ReportReview(models.Model):
    """One reading of a report by the office or the delegate. Never changed: a new reading follows it."""

    class Verdict(models.TextChoices):
        RETURNED = "returned", _("à compléter")
        ACCEPTED = "accepted", _("accepté")
        PARTIAL = "partial", _("accepté en partie")

    report = models.ForeignKey(Report, models.PROTECT, related_name="reviews", verbose_name=_("rapport"))
    submission = models.ForeignKey(ReportSubmission, models.PROTECT, related_name="reviews", verbose_name=_("envoi lu"))
    verdict = models.CharField(_("avis"), max_length=8, choices=Verdict)
    message = models.TextField(_("message"), blank=True)
    refused = models.JSONField(_("montants non retenus"), default=list)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("par"))
    at = models.DateTimeField(_("le"), auto_now_add=True)

    class Meta:
        verbose_name = _("lecture d’un rapport")
        verbose_name_plural = _("lectures de rapports")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.report_id} {self.verdict}"


class Visit(models.Model):
    """A note of somebody of the funder who went to see the project."""

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="visits", verbose_name=_("convention"))
    on = models.DateField(_("date de la visite"))
    met = models.CharField(_("personnes rencontrées"), max_length=300)
    note = models.TextField(_("ce qui a été vu"))
    next_step = models.CharField(_("suite à donner"), max_length=300, blank=True)
    next_on = models.DateField(_("avant le"), null=True, blank=True)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("par"))
    at = models.DateTimeField(_("écrite le"), auto_now_add=True)

    class Meta:
        verbose_name = _("visite")
        verbose_name_plural = _("visites")
        ordering = ["-on", "-id"]

    def __str__(self) -> str:
        return f"{self.agreement_id}, {self.on}"
