"""Agreements: the text that two parties sign, what changes it later, and the duties that come with it."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from terreau.accounts.models import Organisation, User
from terreau.funding.lifecycle import AgreementState, AmendmentState
from terreau.projects.models import Application, Document
from terreau.territories.models import Territory


class SeriesCounter(models.Model):
    """The last number given in a series of one year. Its row is locked while a number is taken: no gap, no double."""

    series = models.CharField(_("série"), max_length=20)
    year = models.PositiveSmallIntegerField(_("année"))
    last = models.PositiveIntegerField(_("dernier numéro"), default=0)

    class Meta:
        verbose_name = _("compteur de série")
        verbose_name_plural = _("compteurs de série")
        constraints = [models.UniqueConstraint(fields=["series", "year"], name="one_counter_a_series_and_year")]

    def __str__(self) -> str:
        return f"{self.series}{self.year}: {self.last}"


class Clause(models.Model):
    """One dated version of a clause, in plain text with fields between braces. A published version never changes.

    `applies_to` says when it enters an agreement: a key of `rulebook.CONDITIONS`, or empty for always.
    """

    funder = models.ForeignKey(Organisation, models.PROTECT, related_name="clauses", verbose_name=_("financeur"))
    key = models.SlugField(_("clé"), max_length=40)
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    title = models.CharField(_("titre"), max_length=160)
    body = models.TextField(_("texte"))
    applies_to = models.CharField(_("s’applique à"), max_length=40, blank=True)
    applies_from = models.DateField(_("en vigueur le"))
    applies_until = models.DateField(_("jusqu’au"), null=True, blank=True)
    position = models.PositiveSmallIntegerField(_("rang"), default=0)
    published_at = models.DateTimeField(_("publiée le"), null=True, blank=True)
    published_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("publiée par")
    )

    class Meta:
        verbose_name = _("clause")
        verbose_name_plural = _("clauses")
        ordering = ["position", "key", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["funder", "key", "version"], name="clause_version"),
            models.UniqueConstraint(
                fields=["funder", "key"], condition=Q(published_at=None), name="one_clause_in_preparation"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}, version {self.version}"


class PaymentTerms(models.Model):
    """How a funder pays its grants out, from one date on: a list of [condition, share in per cent], sum 100."""

    funder = models.ForeignKey(Organisation, models.PROTECT, related_name="payment_terms", verbose_name=_("financeur"))
    applies_from = models.DateField(_("en vigueur le"))
    parts = models.JSONField(_("échéancier"))
    source = models.CharField(_("source"), max_length=200)
    set_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("fixé par"))

    class Meta:
        verbose_name = _("échéancier type")
        verbose_name_plural = _("échéanciers types")
        ordering = ["-applies_from"]
        constraints = [models.UniqueConstraint(fields=["funder", "applies_from"], name="payment_terms_of_a_day")]

    def __str__(self) -> str:
        return f"{self.funder}, {self.applies_from}"


class Agreement(models.Model):
    """The agreement of one selected application. What was offered is frozen in `content`, named by its digest.

    A number, once given, stays: an agreement recalled and offered again keeps it, and `offers` tells the texts apart.
    `granted_cents`, `eligible_base_cents`, `starts_on` and `ends_on` are those in force: amendments change them.
    """

    class AidRegime(models.TextChoices):
        NONE = "none", _("pas une aide d’État")
        DE_MINIMIS = "de_minimis", _("de minimis, règlement (UE) 2023/2831")
        SGEI = "sgei", _("SIEG de minimis, règlement (UE) 2023/2832")
        OTHER = "other", _("autre régime")

    number = models.CharField(_("numéro"), max_length=20, unique=True, null=True, blank=True)
    offers = models.PositiveSmallIntegerField(_("nombre de textes proposés"), default=0)
    application = models.OneToOneField(Application, models.PROTECT, related_name="agreement", verbose_name=_("dossier"))
    holder = models.ForeignKey(Organisation, models.PROTECT, related_name="agreements", verbose_name=_("porteur"))
    state = models.CharField(
        _("état"), max_length=10, choices=AgreementState, default=AgreementState.DRAFT, db_index=True
    )
    purpose = models.TextField(_("objet"))
    territories = models.ManyToManyField(Territory, blank=True, related_name="+", verbose_name=_("territoires"))
    starts_on = models.DateField(_("début"))
    ends_on = models.DateField(_("fin"))
    eligible_base_cents = models.BigIntegerField(_("assiette éligible"))
    granted_cents = models.BigIntegerField(_("montant accordé"))
    public_cofunders = models.JSONField(_("cofinanceurs publics"), default=list, blank=True)
    aid_regime = models.CharField(_("régime d’aide"), max_length=10, choices=AidRegime, default=AidRegime.NONE)
    aid_group = models.CharField(_("groupe (SIREN de tête)"), max_length=9, blank=True)
    content = models.JSONField(_("texte figé"), default=dict)
    digest = models.CharField(_("empreinte SHA-256"), max_length=64, blank=True)
    document = models.ForeignKey(
        Document, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("PDF proposé")
    )
    drafted_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("préparée par"))
    drafted_at = models.DateTimeField(_("préparée le"), auto_now_add=True)
    offered_at = models.DateTimeField(_("proposée le"), null=True, blank=True)
    signed_on = models.DateField(_("signée le"), null=True, blank=True)
    ended_on = models.DateField(_("close, résiliée ou caduque le"), null=True, blank=True)
    end_reason = models.TextField(_("motif de fin"), blank=True)

    class Meta:
        verbose_name = _("convention")
        verbose_name_plural = _("conventions")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(granted_cents__gt=0), name="agreement_grant_positive"),
            models.CheckConstraint(
                condition=Q(eligible_base_cents__gte=F("granted_cents")), name="agreement_grant_within_base"
            ),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="agreement_period"),
        ]

    def __str__(self) -> str:
        return self.number or f"{self.application}"


class Amendment(models.Model):
    """A change of amount, duration, territory or budget: asked, approved, signed. `changes` maps field to [was, is]."""

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="amendments", verbose_name=_("convention"))
    number = models.PositiveSmallIntegerField(_("numéro"))
    state = models.CharField(_("état"), max_length=8, choices=AmendmentState, default=AmendmentState.DRAFT)
    changes = models.JSONField(_("changements"), default=dict)
    reason = models.TextField(_("motif"))
    content = models.JSONField(_("texte figé"), default=dict)
    digest = models.CharField(_("empreinte SHA-256"), max_length=64, blank=True)
    document = models.ForeignKey(
        Document, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("PDF proposé")
    )
    asked_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("demandé par"))
    asked_at = models.DateTimeField(_("demandé le"), auto_now_add=True)
    answered_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("accepté ou refusé par")
    )
    answer = models.TextField(_("réponse"), blank=True)
    signed_on = models.DateField(_("signé le"), null=True, blank=True)

    class Meta:
        verbose_name = _("avenant")
        verbose_name_plural = _("avenants")
        ordering = ["agreement", "number"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "number"], name="amendment_number"),
            models.UniqueConstraint(
                fields=["agreement"],
                condition=Q(state__in=[AmendmentState.DRAFT, AmendmentState.APPROVED]),
                name="one_open_amendment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agreement} n° {self.number}"


class Signature(models.Model):
    """Who signed which digest, when and how. Never changed: a database trigger sees to it.

    A signature of a text recalled since stays, and counts for nothing: its digest is no longer the agreement's.

    By a scanned copy (`document`, received and compared by `recorded_by`) or on the site with a one-time code, whose
    proof is in `evidence`. `signatory` and `capacity` are kept as words: they outlive the account.
    """

    class Party(models.TextChoices):
        HOLDER = "holder", _("le porteur")
        FUNDER = "funder", _("le financeur")

    class Method(models.TextChoices):
        COPY = "copy", _("copie signée déposée")
        CODE = "code", _("code à usage unique")

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="signatures", verbose_name=_("convention"))
    amendment = models.ForeignKey(
        Amendment, models.PROTECT, null=True, blank=True, related_name="signatures", verbose_name=_("avenant")
    )
    party = models.CharField(_("partie"), max_length=6, choices=Party)
    method = models.CharField(_("moyen"), max_length=4, choices=Method)
    signatory = models.CharField(_("signataire"), max_length=200)
    capacity = models.CharField(_("qualité"), max_length=120)
    digest = models.CharField(_("empreinte du texte signé"), max_length=64)
    document = models.ForeignKey(
        Document, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("copie signée")
    )
    evidence = models.JSONField(_("preuve"), default=dict)
    recorded_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("reçue par"))
    signed_at = models.DateTimeField(_("signée le"))

    class Meta:
        verbose_name = _("signature")
        verbose_name_plural = _("signatures")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "party", "digest"], condition=Q(amendment=None), name="one_signature_a_party"
            ),
            models.UniqueConstraint(
                fields=["amendment", "party"], condition=~Q(amendment=None), name="one_amendment_signature_a_party"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.signatory}, {self.get_party_display()}"


class SigningCode(models.Model):
    """A one-time code sent to a signatory for one digest. Kept hashed; a few wrong tries close it."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name=_("personne"))
    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="+", verbose_name=_("convention"))
    digest = models.CharField(_("empreinte du texte à signer"), max_length=64)
    hashed = models.CharField(_("code haché"), max_length=128)
    sent_to = models.EmailField(_("envoyé à"))
    sent_at = models.DateTimeField(_("envoyé le"), auto_now_add=True)
    expires_at = models.DateTimeField(_("valable jusqu’à"))
    tries = models.PositiveSmallIntegerField(_("essais"), default=0)
    used_at = models.DateTimeField(_("utilisé le"), null=True, blank=True)

    class Meta:
        verbose_name = _("code de signature")
        verbose_name_plural = _("codes de signature")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.agreement_id}, {self.sent_at:%Y-%m-%d %H:%M}"


class RepublicanContract(models.Model):
    """A signed *contrat d’engagement républicain* (loi 2000-321 art. 10-1, décret 2021-1947)."""

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="republican_contracts", verbose_name=_("structure")
    )
    version = models.CharField(_("version du texte"), max_length=40)
    signed_on = models.DateField(_("signé le"))
    signatory = models.CharField(_("signataire"), max_length=200)
    document = models.ForeignKey(
        Document, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("preuve")
    )
    recorded_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("saisi par"))

    class Meta:
        verbose_name = _("contrat d’engagement républicain")
        verbose_name_plural = _("contrats d’engagement républicain")
        ordering = ["-signed_on", "-id"]

    def __str__(self) -> str:
        return f"{self.organisation_id}, {self.signed_on}"


class StateAid(models.Model):
    """One *de minimis* aid of a group of linked firms, dated by its legal entitlement and not by its payment.

    `group` is the key of the *entreprise unique* of reg. 2023/2831: the SIREN of its head, or the holder's own. An
    agreement has one at its signature and one for each amendment that raises it.
    """

    group = models.CharField(_("groupe (SIREN de tête)"), max_length=9, db_index=True)
    siren = models.CharField(_("SIREN aidé"), max_length=9)
    regime = models.CharField(_("régime"), max_length=10, choices=Agreement.AidRegime)
    granted_on = models.DateField(_("accordée le"))
    amount_cents = models.BigIntegerField(_("montant"))
    giver = models.CharField(_("accordée par"), max_length=200)
    agreement = models.ForeignKey(
        Agreement, models.PROTECT, null=True, blank=True, related_name="state_aids", verbose_name=_("convention")
    )
    declared_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("saisie par"))

    class Meta:
        verbose_name = _("aide de minimis")
        verbose_name_plural = _("aides de minimis")
        ordering = ["-granted_on", "-id"]
        constraints = [models.CheckConstraint(condition=Q(amount_cents__gt=0), name="state_aid_positive")]

    def __str__(self) -> str:
        return f"{self.group} {self.granted_on}"
