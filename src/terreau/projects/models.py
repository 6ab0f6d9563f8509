"""An application and what it is made of: answers, budget, partners, documents, snapshots, messages."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from terreau.accounts.models import Membership, Organisation, User
from terreau.calls.models import Call, Version, Window
from terreau.projects.lifecycle import DECIDED, State
from terreau.territories.models import Territory


class Application(models.Model):
    """A project brought to a call by its holder: one file, from draft to decision.

    The columns that lists filter and sort by are copies of answers, kept in step by `actions.save_answers`.
    `external_id` is the file's number in the system it was imported from. A decision is the funder's own business
    until `announced_at` is set: holder and public read `shown_state`.
    """

    reference = models.CharField(_("numéro"), max_length=20, unique=True)
    external_id = models.CharField(_("numéro d’origine"), max_length=80, null=True, blank=True)
    call = models.ForeignKey(Call, models.PROTECT, related_name="applications", verbose_name=_("appel"))
    window = models.ForeignKey(
        Window, models.PROTECT, null=True, blank=True, related_name="applications", verbose_name=_("période")
    )
    holder = models.ForeignKey(
        Organisation, models.PROTECT, related_name="applications", verbose_name=_("structure porteuse")
    )
    version = models.ForeignKey(Version, models.PROTECT, null=True, blank=True, verbose_name=_("version des règles"))
    previous = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, verbose_name=_("dossier précédent"))
    state = models.CharField(_("état"), max_length=12, choices=State, default=State.DRAFT, db_index=True)
    title = models.CharField(_("titre"), max_length=200, blank=True)
    summary = models.TextField(_("résumé"), blank=True)
    kind = models.CharField(_("type de projet"), max_length=40, blank=True)
    domain = models.CharField(_("domaine"), max_length=40, blank=True)
    region = models.ForeignKey(
        Territory,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("région principale"),
    )
    regions = models.ManyToManyField(Territory, blank=True, related_name="+", verbose_name=_("régions concernées"))
    territories = models.ManyToManyField(Territory, blank=True, related_name="+", verbose_name=_("territoires"))
    requested_cents = models.BigIntegerField(_("montant demandé"), null=True, blank=True)
    total_cents = models.BigIntegerField(_("budget total"), null=True, blank=True)
    granted_cents = models.BigIntegerField(_("montant accordé"), null=True, blank=True)
    created_at = models.DateTimeField(_("créé le"), auto_now_add=True)
    updated_at = models.DateTimeField(_("modifié le"), auto_now=True)
    submitted_at = models.DateTimeField(_("déposé le"), null=True, blank=True)
    announced_at = models.DateTimeField(_("décision annoncée le"), null=True, blank=True)

    class Meta:
        verbose_name = _("dossier")
        verbose_name_plural = _("dossiers")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["call", "external_id"], condition=~Q(external_id=None), name="application_external_id"
            )
        ]
        indexes = [models.Index(fields=["call", "state"], name="application_call_state")]

    def __str__(self) -> str:
        return f"{self.reference} {self.title}".strip()

    @property
    def shown_state(self) -> State:
        """The state as the holder may know it: a decision shows once it has been announced."""
        secret = self.state in DECIDED and self.announced_at is None
        return State.IN_REVIEW if secret else State(self.state)


class ReferenceCounter(models.Model):
    """The last number given in one edition. Its row is locked while a number is taken: no two files share one."""

    edition = models.PositiveSmallIntegerField(_("édition"), primary_key=True)
    last = models.PositiveIntegerField(_("dernier numéro"), default=0)

    class Meta:
        verbose_name = _("compteur de dossiers")
        verbose_name_plural = _("compteurs de dossiers")

    def __str__(self) -> str:
        return f"{self.edition}: {self.last}"


class Theme(models.Model):
    """One theme of an application."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="themes", verbose_name=_("dossier"))
    key = models.CharField(_("thème"), max_length=40, db_index=True)

    class Meta:
        verbose_name = _("thème")
        verbose_name_plural = _("thèmes")
        constraints = [models.UniqueConstraint(fields=["application", "key"], name="application_theme")]

    def __str__(self) -> str:
        return self.key


class Target(models.Model):
    """How many participants of one public the project expects."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="targets", verbose_name=_("dossier"))
    public = models.CharField(_("public"), max_length=40, db_index=True)
    expected = models.PositiveIntegerField(_("participants attendus"))

    class Meta:
        verbose_name = _("public visé")
        verbose_name_plural = _("publics visés")
        constraints = [models.UniqueConstraint(fields=["application", "public"], name="application_public")]

    def __str__(self) -> str:
        return f"{self.public}: {self.expected}"


class Collaborator(models.Model):
    """Who works on a file. It hangs on the membership: leaving the organisation closes the file at once."""

    class Role(models.TextChoices):
        OWNER = "owner", _("responsable")
        EDITOR = "editor", _("rédacteur·rice")
        READER = "reader", _("lecteur·rice")

    application = models.ForeignKey(
        Application, models.CASCADE, related_name="collaborators", verbose_name=_("dossier")
    )
    membership = models.ForeignKey(
        Membership, models.CASCADE, related_name="collaborations", verbose_name=_("appartenance")
    )
    role = models.CharField(_("rôle"), max_length=8, choices=Role, default=Role.EDITOR)

    class Meta:
        verbose_name = _("accès au dossier")
        verbose_name_plural = _("accès au dossier")
        constraints = [models.UniqueConstraint(fields=["application", "membership"], name="one_access_each")]

    def __str__(self) -> str:
        return f"{self.membership.user} ({self.get_role_display()})"


class Answer(models.Model):
    """The current answer to one question. `version` grows by one at each change: a stale writer is seen."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="answers", verbose_name=_("dossier"))
    key = models.CharField(_("question"), max_length=60)
    value = models.JSONField(_("réponse"), null=True)
    version = models.PositiveIntegerField(_("version"), default=1)
    updated_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("modifiée par")
    )
    updated_at = models.DateTimeField(_("modifiée le"), auto_now=True)

    class Meta:
        verbose_name = _("réponse")
        verbose_name_plural = _("réponses")
        constraints = [models.UniqueConstraint(fields=["application", "key"], name="one_answer_a_question")]

    def __str__(self) -> str:
        return self.key


class Revision(models.Model):
    """What somebody wrote, kept: the history of an answer, and the other text when two wrote at once.

    `version` is the answer’s version that this text became or, while `unmerged`, the one that it started from; a text
    that was set aside for good has none.
    """

    answer = models.ForeignKey(Answer, models.CASCADE, related_name="revisions", verbose_name=_("réponse"))
    version = models.PositiveIntegerField(_("version"), null=True)
    value = models.JSONField(_("réponse"), null=True)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("par"))
    at = models.DateTimeField(_("le"), auto_now=True)
    writer = models.CharField(_("page d’où vient le texte"), max_length=16, blank=True)
    unmerged = models.BooleanField(_("à réconcilier"), default=False)

    class Meta:
        verbose_name = _("version d’une réponse")
        verbose_name_plural = _("versions des réponses")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.answer_id} {self.at:%Y-%m-%d %H:%M}"


class BudgetLine(models.Model):
    """A line of the forecast budget, in a standard rubric (60-69 expenses, 70-79 income, 86 and 87 in kind)."""

    class Status(models.TextChoices):
        SOUGHT = "sought", _("sollicité")
        OBTAINED = "obtained", _("acquis")
        REFUSED = "refused", _("refusé")

    application = models.ForeignKey(Application, models.CASCADE, related_name="budget_lines", verbose_name=_("dossier"))
    rubric = models.CharField(_("rubrique"), max_length=3)
    label = models.CharField(_("intitulé"), max_length=200)
    amount_cents = models.BigIntegerField(_("montant"))
    status = models.CharField(_("état du cofinancement"), max_length=8, choices=Status, blank=True)
    requested = models.BooleanField(_("demandé à ce financeur"), default=False)
    position = models.PositiveSmallIntegerField(_("rang"), default=0)

    class Meta:
        verbose_name = _("ligne de budget")
        verbose_name_plural = _("lignes de budget")
        ordering = ["rubric", "position", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(amount_cents__gte=0), name="budget_amount_positive"),
            models.UniqueConstraint(
                fields=["application"], condition=Q(requested=True), name="one_line_asked_of_this_funder"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rubric} {self.label}"


class Partner(models.Model):
    """An organisation that takes part, known by its SIRET where it has one."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="partners", verbose_name=_("dossier"))
    name = models.CharField(_("nom"), max_length=200)
    siret = models.CharField(_("SIRET"), max_length=14, blank=True)
    contribution = models.CharField(_("contribution"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("partenaire")
        verbose_name_plural = _("partenaires")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name


class Document(models.Model):
    """A supporting document: its type was read from its content, its digest says that it has not changed."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="documents", verbose_name=_("dossier"))
    key = models.CharField(_("pièce"), max_length=60)
    file = models.FileField(_("fichier"), upload_to="documents/%Y/%m/")
    name = models.CharField(_("nom"), max_length=120)
    mime = models.CharField(_("type"), max_length=100)
    size = models.PositiveIntegerField(_("taille en octets"))
    digest = models.CharField(_("empreinte SHA-256"), max_length=64)
    uploaded_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("déposé par"))
    uploaded_at = models.DateTimeField(_("déposé le"), auto_now_add=True)
    removed_at = models.DateTimeField(_("retiré le"), null=True, blank=True)

    class Meta:
        verbose_name = _("pièce")
        verbose_name_plural = _("pièces")
        ordering = ["key", "id"]

    def __str__(self) -> str:
        return self.name


class Submission(models.Model):
    """The file as it was submitted, whole, with its digest. Written once: a database trigger refuses changes."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="submissions", verbose_name=_("dossier"))
    number = models.PositiveSmallIntegerField(_("numéro"))
    content = models.JSONField(_("contenu"))
    digest = models.CharField(_("empreinte SHA-256"), max_length=64)
    version = models.ForeignKey(Version, models.PROTECT, verbose_name=_("version des règles"))
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("déposé par"))
    at = models.DateTimeField(_("déposé le"))

    class Meta:
        verbose_name = _("dépôt")
        verbose_name_plural = _("dépôts")
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["application", "number"], name="submission_number")]

    def __str__(self) -> str:
        return f"{self.application_id} n° {self.number}"


class MissingRequest(models.Model):
    """What the office asks the holder to add, and by when."""

    application = models.ForeignKey(
        Application, models.CASCADE, related_name="missing_requests", verbose_name=_("dossier")
    )
    items = models.JSONField(_("pièces ou réponses demandées"), default=list)
    message = models.TextField(_("message"), blank=True)
    due_on = models.DateField(_("à fournir avant le"))
    asked_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("demandé par"))
    asked_at = models.DateTimeField(_("demandé le"), auto_now_add=True)
    answered_at = models.DateTimeField(_("complété le"), null=True, blank=True)

    class Meta:
        verbose_name = _("demande de pièces")
        verbose_name_plural = _("demandes de pièces")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.application_id}: {self.due_on}"


class Message(models.Model):
    """A message between the office and the holder, on one file."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="messages", verbose_name=_("dossier"))
    author = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("auteur"))
    from_office = models.BooleanField(_("du financeur"))
    body = models.TextField(_("message"))
    at = models.DateTimeField(_("envoyé le"), auto_now_add=True)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.body[:60]


class SavedView(models.Model):
    """Filters of the list of files that somebody wants to find again."""

    user = models.ForeignKey(User, models.CASCADE, related_name="saved_views", verbose_name=_("personne"))
    name = models.CharField(_("nom"), max_length=80)
    query = models.CharField(_("filtres"), max_length=500)

    class Meta:
        verbose_name = _("vue enregistrée")
        verbose_name_plural = _("vues enregistrées")
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["user", "name"], name="saved_view_name")]

    def __str__(self) -> str:
        return self.name
