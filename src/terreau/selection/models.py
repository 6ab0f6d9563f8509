"""Reviews, opinions, the committee's decisions and the letters that tell them."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from terreau.accounts.models import Membership, User
from terreau.calls.models import Call, Window
from terreau.core.models import Mail
from terreau.projects.models import Application
from terreau.selection.lifecycle import AnalysisKind, AnalysisState, LetterState, Outcome, ReviewState, Verdict
from terreau.territories.models import Territory


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


class JurorProfile(models.Model):
    """What a juror knows and whom they are bound to: it guides who reads what. Keys are those of the calls' rules."""

    membership = models.OneToOneField(
        Membership, models.CASCADE, related_name="juror_profile", verbose_name=_("juré·e")
    )
    themes = models.JSONField(_("thèmes connus"), default=list, blank=True)
    publics = models.JSONField(_("publics connus"), default=list, blank=True)
    regions = models.ManyToManyField(Territory, blank=True, related_name="+", verbose_name=_("régions connues"))
    commune = models.ForeignKey(
        Territory,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("commune où vous vivez ou travaillez"),
    )
    expertise = models.TextField(_("expérience, avec vos mots"), blank=True)
    sirens = models.JSONField(_("SIREN des structures auxquelles vous êtes lié·e"), default=list, blank=True)
    wanted_load = models.PositiveSmallIntegerField(_("dossiers au plus par période"), null=True, blank=True)
    updated_at = models.DateTimeField(_("modifié le"), auto_now=True)

    class Meta:
        verbose_name = _("profil de juré·e")
        verbose_name_plural = _("profils de jurés")

    def __str__(self) -> str:
        return f"{self.membership_id}"


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


class Input(models.Model):
    """The frozen question: everything that a selection needs, as canonical JSON. Its name is its own digest."""

    digest = models.CharField(_("empreinte SHA-256"), max_length=64, primary_key=True)
    content = models.JSONField(_("contenu"))

    class Meta:
        verbose_name = _("question posée")
        verbose_name_plural = _("questions posées")

    def __str__(self) -> str:
        return self.digest


class Scenario(models.Model):
    """One answer to one question: never changed once written, but for its name and whether it is kept.

    The same question under the same parameters is one row. `digest` is the parameters' own.
    """

    window = models.ForeignKey(Window, models.PROTECT, related_name="scenarios", verbose_name=_("période"))
    input = models.ForeignKey(Input, models.PROTECT, related_name="scenarios", verbose_name=_("question"))
    digest = models.CharField(_("empreinte des réglages"), max_length=64)
    parameters = models.JSONField(_("réglages"))
    outcome = models.JSONField(_("résultat"))
    name = models.CharField(_("nom"), max_length=120, blank=True)
    kept = models.BooleanField(_("gardé"), default=False)
    made_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("calculé par"))
    made_at = models.DateTimeField(_("calculé le"), auto_now_add=True)

    class Meta:
        verbose_name = _("scénario")
        verbose_name_plural = _("scénarios")
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["window", "input", "digest"], name="one_scenario_a_question")]

    def __str__(self) -> str:
        return self.name or f"n° {self.pk}"


class Analysis(models.Model):
    """Something long that is computed of a scenario, once, in the background. May be thrown away: it comes again.

    `done` of `total` steps are behind; `touched_at` is when it last moved.
    """

    scenario = models.ForeignKey(Scenario, models.CASCADE, related_name="analyses", verbose_name=_("scénario"))
    kind = models.CharField(_("sorte"), max_length=8, choices=AnalysisKind)
    state = models.CharField(_("état"), max_length=8, choices=AnalysisState, default=AnalysisState.QUEUED)
    done = models.PositiveIntegerField(_("étapes faites"), default=0)
    total = models.PositiveIntegerField(_("étapes"), default=0)
    content = models.JSONField(_("résultat"), null=True, blank=True)
    touched_at = models.DateTimeField(_("dernier mouvement"), auto_now_add=True)

    class Meta:
        verbose_name = _("analyse")
        verbose_name_plural = _("analyses")
        constraints = [models.UniqueConstraint(fields=["scenario", "kind"], name="one_analysis_a_kind")]

    def __str__(self) -> str:
        return f"{self.scenario_id}: {self.kind}"

    @property
    def share(self) -> float:
        """How much is behind, of one."""
        return self.done / self.total if self.total else 0.0


class Committee(models.Model):
    """The committee of one window. Once sealed, its decisions never change: a database trigger sees to it."""

    window = models.OneToOneField(Window, models.PROTECT, related_name="committee", verbose_name=_("période"))
    sealed_at = models.DateTimeField(_("scellé le"), null=True, blank=True)
    sealed_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("scellé par")
    )
    digest = models.CharField(_("empreinte SHA-256"), max_length=64, blank=True)
    reference = models.ForeignKey(
        Scenario, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("scénario de référence")
    )

    class Meta:
        verbose_name = _("comité")
        verbose_name_plural = _("comités")

    def __str__(self) -> str:
        return f"{self.window}"


class Decision(models.Model):
    """What the committee decides on one file: a proposal until the seal.

    A file left in reserve may be settled once after the seal, by a decision that `follows` the sealed one.
    """

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
    follows = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="followed_by", verbose_name=_("fait suite à")
    )

    class Meta:
        verbose_name = _("décision")
        verbose_name_plural = _("décisions")
        constraints = [
            models.UniqueConstraint(
                fields=["committee", "application"], condition=Q(follows=None), name="one_decision_a_committee"
            )
        ]

    def __str__(self) -> str:
        return f"{self.application_id}: {self.outcome}"


class Departure(models.Model):
    """Where a sealed decision differs from the optimum of reference, and why. Written by the seal, never changed.

    `optimum_cents` is what the optimum grants; none where it leaves the file out.
    """

    decision = models.OneToOneField(Decision, models.PROTECT, related_name="departure", verbose_name=_("décision"))
    optimum_cents = models.BigIntegerField(_("accordé par l’optimum"), null=True, blank=True)
    reason = models.TextField(_("pourquoi s’écarter de l’optimum"))
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("décidé par"))

    class Meta:
        verbose_name = _("écart à l’optimum")
        verbose_name_plural = _("écarts à l’optimum")

    def __str__(self) -> str:
        return f"{self.decision_id}: {self.reason}"


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
    explained = models.JSONField(_("raisons citées"), default=dict, blank=True)
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
