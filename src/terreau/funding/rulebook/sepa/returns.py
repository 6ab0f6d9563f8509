"""Reads what the bank answers: ISO 20022 pain.002 (versions 03 to 14 alike), or a plain CSV.

The XML comes from outside: no document type, no entity, no external call is accepted.
"""

import csv
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from xml.etree.ElementTree import Element, ParseError

from anyascii import anyascii
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from django.utils.translation import gettext as _

from terreau.core import money
from terreau.funding.rulebook.sepa.reasons import STATUSES, in_words
from terreau.funding.rulebook.sepa.values import Answer, BankReturn, Verdict

LARGEST = 20 * 1024 * 1024  # bytes
COLUMNS = {  # plain name of a column: what it holds
    **dict.fromkeys(("reference", "endtoendid", "end to end id", "reference de bout en bout"), "reference"),
    **dict.fromkeys(("statut", "status", "etat"), "status"),
    **dict.fromkeys(("code motif", "reason code", "code"), "code"),
    **dict.fromkeys(("motif", "reason", "libelle motif"), "reason"),
    **dict.fromkeys(("montant", "amount"), "amount"),
}
WORDS = {
    **dict.fromkeys(("execute", "paye", "denoue", "settled", "paid", "ok"), Verdict.SETTLED),
    **dict.fromkeys(("accepte", "accepted", "recu"), Verdict.ACCEPTED),
    **dict.fromkeys(("rejete", "rejected", "refuse", "ko"), Verdict.REJECTED),
    **dict.fromkeys(("en attente", "pending", "en cours"), Verdict.PENDING),
}


def read(content: bytes) -> BankReturn:
    """The answers of a file. ValueError, in one line, where it cannot be read or contradicts itself."""
    if len(content) > LARGEST:
        raise ValueError(_("ce fichier est trop gros pour un retour de banque."))
    if not content.strip():
        raise ValueError(_("ce fichier est vide."))
    head = content[:4096].lstrip(b"\xef\xbb\xbf \r\n\t")
    found = _from_xml(content) if head.startswith(b"<") else _from_csv(content)
    known: dict[str, Answer] = {}
    for answer in found.answers:
        former = known.setdefault(answer.reference, answer)
        if former.verdict != answer.verdict:
            raise ValueError(_("le paiement « %s » reçoit deux réponses contraires.") % answer.reference)
    return found


def _from_xml(content: bytes) -> BankReturn:
    try:
        document = fromstring(content, forbid_dtd=True)
    except DefusedXmlException:
        raise ValueError(_("ce fichier XML porte des entités ou un type de document : refusé.")) from None
    except (ParseError, ValueError, LookupError):
        raise ValueError(_("ce fichier XML est illisible.")) from None
    report = _child(document, "CstmrPmtStsRpt")
    if report is None:
        raise ValueError(_("ce fichier XML n’est pas un compte rendu de paiement (pain.002)."))
    group = _child(report, "OrgnlGrpInfAndSts")
    blocks = [one for one in report if _name(one) == "OrgnlPmtInfAndSts"]
    answers = tuple(answer for block in blocks for answer in _of_block(block))
    whole = _answer(group, "GrpSts") or next((a for b in blocks if (a := _answer(b, "PmtInfSts"))), None)
    if not answers and whole is None:
        raise ValueError(_("ce compte rendu ne dit rien d’aucun paiement."))
    return BankReturn(answers, order=_text(group, "OrgnlMsgId"), whole=whole)


def _of_block(block: Element) -> Iterator[Answer]:
    """The transactions of a block. One without a status of its own has that of the block."""
    own = _answer(block, "PmtInfSts")
    for transaction in block:
        if _name(transaction) != "TxInfAndSts":
            continue
        reference = _text(transaction, "OrgnlEndToEndId")
        answer = _answer(transaction, "TxSts") or own
        if not reference or answer is None:
            raise ValueError(_("un paiement du compte rendu n’a pas de référence ou pas de statut."))
        cents = _cents(_text(transaction, "OrgnlTxRef/Amt/InstdAmt"))
        yield Answer(reference, answer.verdict, answer.status, answer.reason_code, answer.reason, cents)


def _answer(element: Element | None, status: str) -> Answer | None:
    code = _text(element, status)
    if not code:
        return None
    if code not in STATUSES:
        raise ValueError(_("statut « %s » inconnu.") % code)
    reason = _text(element, "StsRsnInf/Rsn/Cd") or _text(element, "StsRsnInf/Rsn/Prtry")
    told = _text(element, "StsRsnInf/AddtlInf")
    return Answer("", STATUSES[code], code, reason, in_words(reason, told))


def _name(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _child(element: Element | None, name: str) -> Element | None:
    return next((one for one in (element if element is not None else ()) if _name(one) == name), None)


def _text(element: Element | None, path: str) -> str:
    for name in path.split("/"):
        element = _child(element, name)
    return (element.text or "").strip() if element is not None else ""


def _cents(text: str) -> int | None:
    """An amount of the standard: dot decimals."""
    try:
        return int(Decimal(text) * 100) if text else None
    except (InvalidOperation, ValueError, OverflowError):
        raise ValueError(_("« %(text)s » n’est pas un montant.") % {"text": text}) from None


def _from_csv(content: bytes) -> BankReturn:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    lines = text.splitlines()
    mark = max(";,\t", key=lines[0].count)
    reader = csv.reader(lines, delimiter=mark)
    columns = [COLUMNS.get(_plain(header), "") for header in next(reader)]
    if not {"reference", "status"} <= set(columns):
        raise ValueError(_("il faut au moins les colonnes « reference » et « statut »."))
    answers = []
    for cells in reader:
        if any(cell.strip() for cell in cells):
            row = {name: cell.strip() for name, cell in zip(columns, cells, strict=False) if name}
            answers.append(_row(reader.line_num, row))
    if not answers:
        raise ValueError(_("ce fichier n’a aucune ligne sous son en-tête."))
    return BankReturn(tuple(answers))


def _row(line: int, row: dict[str, str]) -> Answer:
    status, code = row.get("status", ""), row.get("code", "").upper()
    verdict = STATUSES.get(status.upper()) or WORDS.get(_plain(status))
    if not row.get("reference"):
        raise ValueError(_("ligne %s : la référence manque.") % line)
    if verdict is None:
        told = {"line": line, "status": status}
        raise ValueError(_("ligne %(line)s : statut « %(status)s » inconnu.") % told)
    try:
        cents = money.parse(row["amount"]) if row.get("amount") else None
    except ValueError as problem:
        told = {"line": line, "problem": problem}
        raise ValueError(_("ligne %(line)s : %(problem)s") % told) from None
    return Answer(row["reference"], verdict, status, code, in_words(code, row.get("reason", "")), cents, line)


def _plain(text: str) -> str:
    return " ".join(anyascii(text).lower().replace("-", " ").replace("_", " ").split())
