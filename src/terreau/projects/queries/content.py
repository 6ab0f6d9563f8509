"""What a file says: its rules, its answers, its budget; and the canonical content that a submission freezes."""

import hashlib
import json
from collections.abc import Iterable
from copy import copy
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, QuerySet, prefetch_related_objects
from django.utils import timezone

from terreau.calls import rulebook as call_rules
from terreau.calls.models import Version
from terreau.projects import lifecycle, rulebook
from terreau.projects.models import Answer, Application, Document, Revision
from terreau.territories import queries as places

LATER = "/"  # in the key of an answer or a document: it belongs to a later step of the path, not to the application
CONTENT = (
    Prefetch(
        "answers",
        Answer.objects.exclude(key__contains=LATER).annotate(
            contested=Exists(Revision.objects.filter(answer=OuterRef("pk"), unmerged=True))
        ),
    ),
    "budget_lines",
    Prefetch("documents", Document.objects.exclude(key__contains=LATER)),
)


@lru_cache(maxsize=64)
def _parsed(pk: int, _published_at: datetime) -> call_rules.Rulebook:
    """A published version never changes: reading it once is enough."""
    return call_rules.parse(Version.objects.values_list("content", flat=True).get(pk=pk))


def rules_in_force(call_id: int) -> Version | None:
    """The newest published version of a call, without its content."""
    published = Version.objects.filter(call_id=call_id, published_at__lte=timezone.now())
    return published.defer("content").order_by("-number").first()


def rules_of(application: Application) -> call_rules.Rulebook:
    """A draft follows the rules in force; a filed one keeps those that it was filed under."""
    drafting = application.state == lifecycle.State.DRAFT or not application.version_id
    version = rules_in_force(application.call_id) if drafting else application.version
    if version is None or version.published_at is None:
        return application.call.rules
    return _parsed(version.pk, version.published_at)


def rules_by_call(call_ids: Iterable[int]) -> dict[int, call_rules.Rulebook]:
    """The rules in force of several calls, in one query once they have been read."""
    published = Version.objects.filter(call_id__in=set(call_ids), published_at__lte=timezone.now())
    newest = {v.call_id: v for v in published.defer("content").order_by("number")}
    return {call_id: _parsed(v.pk, v.published_at) for call_id, v in newest.items() if v.published_at}


def with_content(applications: QuerySet[Application]) -> QuerySet[Application]:
    """With what a form shows, in a few queries however many files there are."""
    return applications.prefetch_related(*CONTENT)


def loaded(application: Application) -> Application:
    """The file with its content at hand: itself when it was listed so, else a fresh reading that nothing caches.

    Its régions and territories are no content: those that were read with the file are kept.
    """
    held = getattr(application, "_prefetched_objects_cache", {})
    if "answers" in held:
        return application
    fresh = copy(application)
    kept = {name: held[name] for name in ("regions", "territories") if name in held}
    fresh._prefetched_objects_cache = kept  # type: ignore[attr-defined]  # noqa: SLF001 - a copy shares its reading
    prefetch_related_objects([fresh], *CONTENT)
    return fresh


def answers(application: Application) -> dict[str, Any]:
    """Every answer by key; the amount requested and the documents count as answers, because conditions read them."""
    held = {answer.key: answer.value for answer in application.answers.all() if LATER not in answer.key}
    for document in application.documents.all():
        if document.removed_at is None and LATER not in document.key:
            held.setdefault(document.key, {"name": document.name, "document": document.pk})
    return held | {call_rules.REQUESTED: application.requested_cents}


def papers(application: Application) -> QuerySet[Document]:
    """The supporting documents of the application itself, without those taken out of it."""
    return application.documents.filter(removed_at=None).exclude(key__contains=LATER)


def budget_lines(application: Application) -> list[rulebook.Line]:
    return [
        rulebook.Line(line.rubric, line.label, line.amount_cents, line.status, line.requested)
        for line in application.budget_lines.all()
    ]


def content(application: Application, *, by: Any, at: datetime) -> dict[str, Any]:
    """The whole file as plain JSON: what is submitted, readable without the rest of the database."""
    held = answers(application)
    rules = rules_of(application)
    window = application.window
    return {
        "format": 1,
        "reference": application.reference,
        "submitted_at": at.isoformat(timespec="seconds"),
        "submitted_by": str(by) if by else "",
        "call": {"slug": application.call.slug, "title": application.call.title, "edition": application.call.edition},
        "window": {"key": window.key, "label": window.label} if window else None,
        "holder": _holder(application),
        "title": held.get("title") or application.title,
        "summary": held.get("summary") or application.summary,
        **_classified(application, rules),
        "sections": _sections(call_rules.asked(rules, held), held),
        **_tables(application),
    }


def _holder(application: Application) -> dict[str, str]:
    holder = application.holder
    return {
        "name": holder.name,
        "siret": holder.siret or "",
        "rna": holder.rna or "",
        "register": holder.register,
        "legal_form": holder.legal_form,
        "founded_on": holder.founded_on.isoformat() if holder.founded_on else "",
        "commune": f"{holder.commune.name} ({holder.commune.code})" if holder.commune else "",
    }


def _classified(application: Application, rules: call_rules.Rulebook) -> dict[str, Any]:
    """Kind, domain, themes, publics and territories, each with its label."""

    def labelled(group: str, key: str) -> dict[str, Any]:
        return {"key": key, "label": rules.label(group, key) if key else ""}

    targets = sorted(application.targets.all(), key=lambda t: t.public)
    themes = sorted(theme.key for theme in application.themes.all())
    places = sorted(application.territories.all(), key=lambda p: (p.level, p.code))
    return {
        "kind": labelled("kinds", application.kind),
        "domain": labelled("domains", application.domain),
        "themes": [labelled("themes", key) for key in themes],
        "publics": [{**labelled("publics", t.public), "expected": t.expected} for t in targets],
        "territories": [{"level": p.level, "code": p.code, "name": p.name} for p in places],
    }


def in_words(question: call_rules.Question, value: Any) -> str:
    """An answer as people read it; territories by their names."""
    if question.kind != "territory" or not isinstance(value, list):
        return call_rules.in_words(question, value)
    names = {place.key: place.name for place in places.by_keys(value)}
    return ", ".join(str(names.get(key, key)) for key in value)


def _sections(asked: call_rules.Asked, held: dict[str, Any]) -> list[dict[str, Any]]:
    """The questions asked on this route, in order, with what was answered. Hidden answers are not submitted."""
    return [
        {
            "title": section.title,
            "answers": [
                {
                    "key": question.key,
                    "kind": question.kind,
                    "label": question.label,
                    "value": held.get(question.key),
                    "text": in_words(question, held.get(question.key)),
                }
                for question in section.questions
            ],
        }
        for section in asked.sections
        if section.key != "identity"
    ]


def _tables(application: Application) -> dict[str, Any]:
    sums = rulebook.totals(budget_lines(application))
    budget = ("rubric", "label", "amount_cents", "status", "requested")
    partners = application.partners.all()
    stored = ("key", "name", "mime", "size", "digest")
    documents = [d for d in application.documents.all() if d.removed_at is None and LATER not in d.key]
    return {
        "budget": [{name: getattr(line, name) for name in budget} for line in application.budget_lines.all()],
        "requested_cents": sums.requested,
        "total_cents": sums.expenses,
        "partners": [{name: getattr(p, name) for name in ("name", "siret", "contribution")} for p in partners],
        "documents": [{name: getattr(d, name) for name in stored} for d in documents],
    }


def canonical(content: dict[str, Any]) -> bytes:
    """One spelling for one content: sorted keys, no spaces, UTF-8. The digest of a submission is taken over it."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def digest(content: dict[str, Any]) -> str:
    return hashlib.sha256(canonical(content)).hexdigest()
