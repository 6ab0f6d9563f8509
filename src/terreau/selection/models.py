"""Reviews, opinions, the committee's decisions and the letters that tell them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from terreau.accounts.models import Membership, User
from terreau.calls.models import Call, Window
from terreau.core.models import Mail
from terreau.projects.models import Application
from terreau.selection.lifecycle import LetterState, Outcome, ReviewState, Verdict


class Review(models.Model):
    """A juror's reading of one file: assigned, started, rendered, or recused.

    `total` is the weighted mean of the scores brought to 0-100, written when the review is rendered.
    """

    application = models.ForeignKey(Application, models.CASCADE, related_name="reviews", verbose_name=_("dossier"))
    juror = models.ForeignKey(Membership, models.PROTECT, related_name="reviews", verbose_name=_("juré·e"))
    state = models.CharField(_("état"), max_length=8, choices=ReviewState, default=ReviewState.ASSIGNED)
    comment = models.TextField(_("commentaire général"), blank=True)
    comment_version = models.PositiveIntegerField(_("version du commentaire"), default=1)
    recusal_reason = models.CharField(_("motif du déport"), max_length=200, blank=True)
    total = models.FloatField(_("note sur 100"), null=True, blank=True)
    assigned_at = models.DateTimeField(_("confiée le"), auto_now_add=True)
    due_on = models.DateField(_("à rendre avant le"), null=True, blank=True)
    rendered_at = models.DateTimeField(_("rendue le"), null=True, blank=True)

    class Meta:
        verbose_name = _("lecture")
        verbose_name_plural = _("lectures")
        ordering = ["due_on", "id"]
        constraints = [models.UniqueConstraint(fields=["application", "juror"], name="one_review_each")]

    def __str__(self) -> str:
        return f"{self.application_id}, {self.juror_id}"


class Score(models.Model):
    """The score of one criterion, with its written justification. `version` grows at each change."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="scores", verbose_name=_("lecture"))
    criterion = models.CharField(_("critère"), max_length=40)
    value = models.PositiveSmallIntegerField(_("note"), null=True, blank=True)
    justification = models.TextField(_("justification"), blank=True)
    version = models.PositiveIntegerField(_("version"), default=1)

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        constraints = [models.UniqueConstraint(fields=["review", "criterion"], name="one_score_a_criterion")]

    def __str__(self) -> str:
        return f"{self.criterion}: {self.value}"


class Opinion(models.Model):
    """The reasoned opinion of a regional delegate, on the call's grid."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="opinions", verbose_name=_("dossier"))
    delegate = models.ForeignKey(Membership, models.PROTECT, related_name="opinions", verbose_name=_("délégué·e"))
    verdict = models.CharField(_("avis"), max_length=12, choices=Verdict, blank=True)
    scores = models.JSONField(_("grille"), default=dict)
    text = models.TextField(_("motivation"), blank=True)
    rendered_at = models.DateTimeField(_("rendu le"), null=True, blank=True)

    class Meta:
        verbose_name = _("avis")
        verbose_name_plural = _("avis")
        constraints = [models.UniqueConstraint(fields=["application", "delegate"], name="one_opinion_each")]

    def __str__(self) -> str:
        return f"{self.application_id}: {self.verdict}"


class Recusal(models.Model):
    """A committee member who leaves the room for one file."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="recusals", verbose_name=_("dossier"))
    member = models.ForeignKey(Membership, models.CASCADE, related_name="recusals", verbose_name=_("membre"))
    reason = models.CharField(_("motif"), max_length=200, blank=True)
    at = models.DateTimeField(_("le"), auto_now_add=True)

    class Meta:
        verbose_name = _("déport")
        verbose_name_plural = _("déports")
        constraints = [models.UniqueConstraint(fields=["application", "member"], name="one_recusal_each")]

    def __str__(self) -> str:
        return f"{self.application_id}, {self.member_id}"


class Committee(models.Model):
    """The committee of one window. Once sealed, its decisions never change: a database trigger sees to it."""

    window = models.OneToOneField(Window, models.PROTECT, related_name="committee", verbose_name=_("période"))
    sealed_at = models.DateTimeField(_("scellé le"), null=True, blank=True)
    sealed_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("scellé par")
    )
    digest = models.CharField(_("empreinte SHA-256"), max_length=64, blank=True)

    class Meta:
        verbose_name = _("comité")
        verbose_name_plural = _("comités")

    def __str__(self) -> str:
        return f"{self.window}"


class Decision(models.Model):
    """What the committee decides on one file: a proposal until the seal."""

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="decisions", verbose_name=_("comité"))
    application = models.ForeignKey(Application, models.PROTECT, related_name="decisions", verbose_name=_("dossier"))
    outcome = models.CharField(_("décision"), max_length=8, choices=Outcome)
    amount_cents = models.BigIntegerField(_("montant accordé"), null=True, blank=True)
    reason = models.TextField(_("motif"), blank=True)
    votes_for = models.PositiveSmallIntegerField(_("voix pour"), null=True, blank=True)
    votes_against = models.PositiveSmallIntegerField(_("voix contre"), null=True, blank=True)
    abstentions = models.PositiveSmallIntegerField(_("abstentions"), null=True, blank=True)
    decided_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("décidé par"))
    decided_at = models.DateTimeField(_("décidé le"), auto_now=True)

    class Meta:
        verbose_name = _("décision")
        verbose_name_plural = _("décisions")
        constraints = [models.UniqueConstraint(fields=["committee", "application"], name="one_decision_a_committee")]

    def __str__(self) -> str:
        return f"{self.application_id}: {self.outcome}"


class LetterTemplate(models.Model):
    """The letter of one outcome. Fields between braces are filled in: {title}, {holder}, {amount}, {reason}…"""

    call = models.ForeignKey(Call, models.CASCADE, related_name="letter_templates", verbose_name=_("appel"))
    outcome = models.CharField(_("décision"), max_length=8, choices=Outcome)
    subject = models.CharField(_("objet"), max_length=200)
    body = models.TextField(_("texte"))

    class Meta:
        verbose_name = _("modèle de lettre")
        verbose_name_plural = _("modèles de lettre")
        constraints = [models.UniqueConstraint(fields=["call", "outcome"], name="one_template_an_outcome")]

    def __str__(self) -> str:
        return f"{self.call}, {self.outcome}"


class Letter(models.Model):
    """The letter of one decision, in the outbox until a person has read it; then it leaves once."""

    decision = models.OneToOneField(Decision, models.PROTECT, related_name="letter", verbose_name=_("décision"))
    to = models.EmailField(_("destinataire"), blank=True)
    subject = models.CharField(_("objet"), max_length=200)
    body = models.TextField(_("texte"))
    version = models.PositiveIntegerField(_("version"), default=1)
    state = models.CharField(_("état"), max_length=8, choices=LetterState, default=LetterState.DRAFT)
    approved_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("relue par")
    )
    posted_at = models.DateTimeField(_("partie le"), null=True, blank=True)
    mail = models.OneToOneField(Mail, models.PROTECT, null=True, blank=True, verbose_name=_("envoi"))

    class Meta:
        verbose_name = _("lettre")
        verbose_name_plural = _("lettres")

    def __str__(self) -> str:
        return self.subject
