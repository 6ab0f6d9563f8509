"""A proposal in words: what it gives each file and each juror, what stands in the way where there is none."""

from dataclasses import dataclass

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from terreau.methods.assignment.outcome import Status
from terreau.selection.queries.assignment import LOCAL
from terreau.web.ui.templatetags.ui import number

SHOWN = 12  # names in a sentence


@dataclass(frozen=True)
class Load:
    """A juror's files before and after. `is_silent`: their profile says nothing that files could be matched with."""

    juror: object
    before: int
    after: int
    limit: int
    affinity: float
    is_silent: bool


@dataclass(frozen=True)
class Reader:
    juror: object
    affinity: float
    state: str  # new, kept, locked, dropped


@dataclass(frozen=True)
class Line:
    file: object
    affinity: float
    readers: list[Reader]


def figures(proposal):
    """The levels of the proposal, in the order in which they count. Affinities are means a reading, of one."""
    outcome, q = proposal.outcome, proposal.question
    sums = [(line.affinity, line.file) for line in lines(proposal)]
    loads = outcome.loads[q.instance.load > 0]
    return {
        "proved": outcome.status == Status.OPTIMAL,
        "gap": max(outcome.gap, 0.0),
        "worst": sums[0] if sums else None,
        "mean": outcome.total / max(len(proposal.pairs), 1),
        "readings": len(proposal.pairs),
        "lightest": int(loads.min(initial=0)) if len(loads) else 0,
        "heaviest": int(loads.max(initial=0)),
        "added": len(proposal.added),
        "dropped": len(proposal.dropped),
        "kept": len(proposal.pairs & proposal.question.readings.keys()),
    }


def loads(proposal):
    q, affinity = proposal.question, proposal.question.instance.affinity
    before = np.bincount([j for _f, j in q.readings], minlength=len(q.jurors))
    mine = [[float(affinity[f, j]) for f, j in proposal.pairs if j == n] for n in range(len(q.jurors))]
    return [
        Load(
            juror,
            int(before[n]),
            int(proposal.outcome.loads[n]),
            int(q.instance.load[n]),
            sum(mine[n]) / len(mine[n]) if mine[n] else 0.0,
            is_silent(q.profiles.get(juror.pk)),
        )
        for n, juror in enumerate(q.jurors)
    ]


def is_silent(profile):
    return profile is None or not (profile.themes or profile.publics or profile.expertise or profile.regions.all())


def lines(proposal):
    """The files, the worst served first; readings taken back are told last."""
    q = proposal.question
    found = [Line(file, 0.0, []) for file in q.files]
    for f, j in [*sorted(proposal.pairs), *proposal.dropped]:
        found[f].readers.append(Reader(q.jurors[j], float(q.instance.affinity[f, j]), state(proposal, (f, j))))
    return sorted((mean(line) for line in found), key=lambda line: (line.affinity, line.file.reference))


def mean(line):
    here = [reader.affinity for reader in line.readers if reader.state != "dropped"]
    return Line(line.file, sum(here) / len(here) if here else 0.0, line.readers)


def state(proposal, pair):
    if pair not in proposal.question.readings:
        return "new"
    if pair in proposal.question.locked:
        return "locked"
    return "kept" if pair in proposal.pairs else "dropped"


def problems(bad):
    """Why the question cannot be put."""
    said = {
        ("files", "none"): _("Aucun dossier n’attend de lecture."),
        ("jurors", "none"): _("Aucun membre du jury : invitez-en d’abord."),
    }
    codes = {code for _subject, code, _value in bad.problems}
    found = [said[subject, code] for subject, code, _value in bad.problems if (subject, code) in said]
    if "more-reviews-than-jurors" in codes:
        found.append(_("Il y a moins de jurés que de lectures demandées par dossier."))
    return found or [_("Cette répartition ne peut pas être calculée : %(why)s") % {"why": bad}]


def reasons(proposal):
    """Why there is no assignment: which files, which limits."""
    outcome, q = proposal.outcome, proposal.question
    if outcome.status == Status.UNKNOWN or outcome.conflict is None:
        return [_("Aucune répartition trouvée dans le temps imparti. Desserrez une limite, puis redemandez.")]
    conflict, found = outcome.conflict, []
    if conflict.files:
        words = ngettext(
            "Ce dossier demande %(wanted)s lectures et peut en recevoir %(reachable)s au plus : %(files)s.",
            "Ces %(count)s dossiers demandent %(wanted)s lectures et peuvent en recevoir %(reachable)s au plus : "
            "%(files)s.",
            len(conflict.files),
        )
        if not conflict.wanted:
            words = _("Dossiers en cause : %(files)s.")
        numbers = {"wanted": number(conflict.wanted), "reachable": number(conflict.reachable)}
        numbers |= {"count": number(len(conflict.files)), "files": some(conflict.files)}
        found.append(words % numbers)
    if conflict.jurors:
        people = {f"{juror.pk:09d}": str(juror.user) for juror in q.jurors}
        names = some([people[name] for name in conflict.jurors])
        found.append(_("Les jurés qui pourraient les lire sont à leur limite : %(names)s.") % {"names": names})
    elif not conflict.needs and not conflict.limits:
        found.append(_("Les autres jurés ont un conflit d’intérêts avec ces dossiers, ou s’en sont déportés."))
    found += [need(q, name) for name in conflict.needs]
    if "pairs" in conflict.limits:
        found.append(_("La limite des dossiers lus ensemble par deux mêmes jurés y est pour quelque chose."))
    return found


def some(names):
    names = list(names)
    more = len(names) - SHOWN
    return ", ".join(names[:SHOWN]) + (_(" et %(count)s autres") % {"count": number(more)} if more > 0 else "")


def need(q, name):
    """A need in words, with how many jurors could meet it."""
    kind, _colon, region = name.partition(":")
    place = next((str(file.region) for file in q.files if str(file.region_id) == region), region)
    able = next(len(n.jurors) for n in q.instance.needs if n.name == name)
    if kind == LOCAL:
        words = _("Au moins un juré qui connaît %(place)s : le jury en compte %(able)s.")
    else:
        words = _("Au moins un juré extérieur à %(place)s : le jury en compte %(able)s.")
    return words % {"place": place, "able": able}
