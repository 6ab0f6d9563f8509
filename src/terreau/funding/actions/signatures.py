"""Signing: with a one-time code on the site, or by a copy that comes back. The second signature makes the agreement."""

import secrets
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import F
from django.utils import timezone, translation
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from terreau.core import files, journal, mail
from terreau.core.models import Mail
from terreau.core.moves import Refused
from terreau.funding import queries
from terreau.funding.actions.agreements import lock, tell
from terreau.funding.actions.amendments import apply_amendment, keep_aid, lock_amendment
from terreau.funding.actions.calendar import keep_calendar
from terreau.funding.actions.instalments import release
from terreau.funding.actions.ledger import post
from terreau.funding.actions.moves import move
from terreau.funding.lifecycle import AgreementState, AmendmentState, Cause
from terreau.funding.models import Agreement, Amendment, Instalment, Signature, SigningCode
from terreau.funding.queries import Verdict
from terreau.funding.rulebook.obligations import CAPPED
from terreau.projects.models import Document

type Target = Agreement | Amendment

LASTS = timedelta(minutes=10)
TRIES = 5
AN_HOUR, CODES_AN_HOUR = timedelta(hours=1), 5
HIDDEN = "••••••"


def hold(target: Target) -> Target:
    """The text to sign, locked; Refused where it is not to be signed now."""
    held = lock_amendment(target) if isinstance(target, Amendment) else lock(target)
    if held.state not in {AgreementState.OFFERED, AmendmentState.APPROVED}:
        raise Refused(_("Ce texte n’est pas à signer."))
    return held


def agreement_of(target: Target) -> Agreement:
    return target.agreement if isinstance(target, Amendment) else target


@transaction.atomic
def send_code(target: Target, *, by: Any) -> SigningCode:
    """Send a code of six figures for this text to the address of the person who asks. Earlier codes die.

    The code is kept hashed; its message is blanked once the code is used or replaced.
    """
    held = hold(target)
    agreement, now = agreement_of(held), timezone.now()
    codes = SigningCode.objects.filter(agreement=agreement, user=by)
    if codes.filter(sent_at__gte=now - AN_HOUR).count() >= CODES_AN_HOUR:
        raise Refused(_("Trop de codes demandés. Réessayez dans une heure."))
    for earlier in codes.filter(used_at=None, expires_at__gt=now):
        _close(earlier)
    figures = f"{secrets.randbelow(10**6):06d}"
    code = SigningCode.objects.create(
        user=by, agreement=agreement, digest=held.digest, hashed="", sent_to=by.email, expires_at=now + LASTS
    )
    code.hashed = _hashed(code, figures)
    code.save(update_fields=["hashed"])
    with translation.override(by.language):
        minutes = int(LASTS.total_seconds() // 60)
        said = {"code": figures, "minutes": minutes, "number": str(held), "digest": held.digest}
        mail.post(
            _key(code),
            to=by.email,
            subject=_("Votre code pour signer %(number)s") % said,
            body=_(
                "Bonjour,\n\nVotre code : %(code)s\n\nIl vaut %(minutes)d minutes, pour signer %(number)s, dont le "
                "texte a pour empreinte SHA-256 :\n%(digest)s\n\nVous n’avez rien demandé ? Ne donnez ce code à "
                "personne.\n"
            )
            % said,
        )
    journal.record(agreement, "send_signing_code", by=by, digest=held.digest)
    return code


def _key(code: SigningCode) -> str:
    return f"signing-code:{code.pk}"


def _hashed(code: SigningCode, figures: str) -> str:
    return salted_hmac(f"funding.signing:{code.pk}:{code.digest}", figures, algorithm="sha256").hexdigest()


def _close(code: SigningCode) -> None:
    """It serves no more, and its figures are nowhere any more."""
    code.expires_at = timezone.now()
    code.save(update_fields=["expires_at", "used_at"])
    Mail.objects.filter(key=_key(code), state__in=[Mail.State.SENT, Mail.State.QUEUED]).update(body=HIDDEN)


@transaction.atomic
def sign_with_code(
    target: Target,
    figures: str,
    *,
    party: str,
    signatory: str,
    capacity: str,
    client: dict[str, str],
    by: Any,
) -> Signature | None:
    """Sign with the code that was sent; None where the figures are wrong, which is counted: five tries close a code.

    `client` is the address and the user agent of the request. They enter the evidence with the person, the digest
    and the times; a database trigger keeps it as it is.
    """
    held = hold(target)
    code = _living(held, by)
    if code is None:
        raise Refused(_("Ce code n’est plus valable. Demandez-en un autre."))
    if not constant_time_compare(code.hashed, _hashed(code, figures.strip().replace(" ", ""))):
        SigningCode.objects.filter(pk=code.pk).update(tries=F("tries") + 1)
        return None
    code.used_at = timezone.now()
    _close(code)
    evidence = {
        "person": {"id": by.pk, "name": str(by), "email": code.sent_to},
        "digest": held.digest,
        "code_sent_at": code.sent_at.isoformat(),
        "code_tries": code.tries + 1,
        "confirmed_at": code.used_at.isoformat(),
        "client": client,
    }
    return _sign(held, party, Signature.Method.CODE, signatory, capacity, evidence=evidence, by=by)


def _living(target: Target, by: Any) -> SigningCode | None:
    codes = SigningCode.objects.select_for_update().filter(
        agreement=agreement_of(target), user=by, digest=target.digest, used_at=None
    )
    return codes.filter(expires_at__gt=timezone.now(), tries__lt=TRIES).first()


@transaction.atomic
def deposit_copy(
    target: Target, upload: UploadedFile[Any], *, party: str, signatory: str, capacity: str, by: Any
) -> Verdict:
    """Receive a signed copy. Where every byte of the offered PDF is in it, it signs; else a person has to read it.

    ValueError, in words, for what is no file that we take, for a copy of another text, or one that nobody signed.
    """
    checked = files.check(upload)
    held = hold(target)
    content = upload.read()
    upload.seek(0)
    offered = _offered(held)
    found = queries.verdict(content, offered, held.digest)
    if found == Verdict.OTHER:
        raise ValueError(_("Cette copie est celle d’un autre texte : son empreinte n’est pas celle de cette version."))
    if found == Verdict.UNSIGNED:
        raise ValueError(_("Ce fichier est le texte proposé, sans signature."))
    application = agreement_of(held).application
    document = Document.objects.create(
        application=application,
        key=queries.SIGNED_COPY,
        file=upload,
        name=checked.name,
        mime=checked.mime,
        size=checked.size,
        digest=checked.digest,
        uploaded_by=by,
    )
    told = {"copy": checked.digest, "verdict": found.value}
    if found == Verdict.INTACT:
        told["pdf_signature"] = str(queries.has_signature(content, offered)).lower()
        evidence = {"digest": held.digest, **told}
        _sign(held, party, Signature.Method.COPY, signatory, capacity, document=document, evidence=evidence, by=by)
    else:
        journal.record(
            held,
            "deposit_copy",
            by=by,
            document=document.pk,
            party=party,
            signatory=signatory,
            capacity=capacity,
            **told,
        )
    return found


def _offered(target: Target) -> bytes:
    if target.document is None:
        raise Refused(_("Ce texte n’est pas à signer."))
    with target.document.file.open("rb") as file:
        return bytes(file.read())


@transaction.atomic
def accept_copy(
    target: Target, document: Document, *, party: str, signatory: str, capacity: str, reason: str, by: Any
) -> Signature:
    """A person has read a copy that the machine could not compare, and says why it is the text that was offered."""
    held = hold(target)
    if not reason.strip():
        raise ValueError(_("Dites comment vous avez vérifié que c’est bien ce texte."))
    if not queries.copies_to_read(agreement_of(held)).filter(pk=document.pk).exists():
        raise Refused(_("Cette copie a déjà été lue."))
    evidence = {"digest": held.digest, "copy": document.digest, "verdict": "read", "reason": reason.strip()}
    return _sign(held, party, Signature.Method.COPY, signatory, capacity, document=document, evidence=evidence, by=by)


@transaction.atomic
def set_copy_aside(target: Target, document: Document, *, reason: str, by: Any) -> None:
    """The copy is not one: the holder is told why and may send another."""
    agreement = agreement_of(lock_amendment(target) if isinstance(target, Amendment) else lock(target))
    if not reason.strip():
        raise ValueError(_("Dites pourquoi."))
    if not queries.copies_to_read(agreement).filter(pk=document.pk).update(removed_at=timezone.now()):
        raise Refused(_("Cette copie a déjà été lue."))
    journal.record(target, "set_copy_aside", by=by, document=document.pk, reason=reason.strip())
    tell(agreement, f"copy-{document.pk}", _("Votre copie signée n’est pas acceptée"), reason.strip())


def _sign(
    target: Target,
    party: str,
    method: str,
    signatory: str,
    capacity: str,
    *,
    evidence: dict[str, Any],
    document: Document | None = None,
    by: Any,
) -> Signature:
    """Write one signature; the second of the two makes the agreement or applies the amendment. Target is locked."""
    if not signatory.strip() or not capacity.strip():
        raise ValueError(_("Dites qui signe, et en quelle qualité."))
    held = queries.current(target)
    if party in held:
        raise Refused(_("Cette partie a déjà signé ce texte."))
    signature = Signature.objects.create(
        agreement=agreement_of(target),
        amendment=target if isinstance(target, Amendment) else None,
        party=Signature.Party(party),
        method=method,
        signatory=signatory.strip()[:200],
        capacity=capacity.strip()[:120],
        digest=target.digest,
        document=document,
        evidence=evidence,
        recorded_by=by,
        signed_at=timezone.now(),
    )
    journal.record(target, "sign_for", by=by, party=party, method=method, digest=target.digest)
    if set(held) | {party} == set(Signature.Party.values):
        if isinstance(target, Amendment):
            apply_amendment(target, by=by)
        else:
            _conclude(target, by=by)
    return signature


def _conclude(agreement: Agreement, *, by: Any) -> None:
    """Both have signed: the money is committed, what is paid at signature is due, an aid under a ceiling is entered."""
    today = timezone.localdate()
    if obstacles := queries.obstacles_to_signature(agreement, today):
        raise Refused(*obstacles)
    move(agreement, "sign", by=by, digest=agreement.digest)
    agreement.signed_on = today
    agreement.save(update_fields=["signed_on"])
    Instalment.objects.bulk_create(
        Instalment(
            agreement=agreement,
            number=number,
            condition=due["condition"],
            amount_cents=due["cents"],
            due_on=due["on"],
        )
        for number, due in enumerate(agreement.content["schedule"], 1)
    )
    if agreement.aid_regime in CAPPED:
        keep_aid(agreement, agreement.granted_cents, by=by)
    post(
        Cause.COMMIT,
        key=f"commit:{agreement.pk}",
        window=queries.window_of(agreement),
        cents=agreement.granted_cents,
        agreement=agreement,
        by=by,
    )
    keep_calendar(agreement, by=by)
    for instalment in agreement.instalments.filter(condition=Instalment.Condition.SIGNATURE):
        release(instalment, by=by)
    tell(
        agreement,
        "signed",
        _("Votre convention est signée"),
        _("La convention %(number)s est signée par les deux parties.") % {"number": agreement.number},
    )
