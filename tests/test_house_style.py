"""The house's style, as a test. A bound that fails is a reason to mend the code, not the bound."""

import ast
import os
import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models
from django.utils.functional import Promise

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "terreau"
PYTHON = [p for p in sorted(SOURCE.rglob("*.py")) if "migrations" not in p.parts]
TESTS = sorted((ROOT / "tests").rglob("*.py"))
TEMPLATES = sorted(SOURCE.rglob("templates/**/*.html"))
OURS = [m for m in apps.get_models() if m.__module__.startswith("terreau.")]
PATH = [
    "core",
    "territories",
    "accounts",
    "calls",
    "projects",
    "selection",
    "funding",
    "engagement",
]  # the path of a project


def relative(path):
    return str(path.relative_to(ROOT))


def length(path):
    return len(path.read_text().splitlines())


def nodes(path, *kinds):
    return [n for n in ast.walk(ast.parse(path.read_text())) if isinstance(n, kinds)]


def size(node):
    return node.end_lineno - node.lineno + 1


@pytest.mark.parametrize(("files", "ceiling"), [(PYTHON, 400), (TESTS, 400), (TEMPLATES, 150)])
def test_no_file_is_over_its_ceiling(files, ceiling):
    assert [f"{relative(p)}: {length(p)} lines" for p in files if length(p) > ceiling] == []


def test_no_function_is_over_its_ceiling():
    long = [
        f"{relative(p)}:{f.lineno} {f.name}: {size(f)} lines"
        for p in PYTHON
        for f in nodes(p, ast.FunctionDef, ast.AsyncFunctionDef)
        if size(f) > (40 if "views" in (p.stem, p.parent.name) else 60)
    ]
    assert long == []


def test_no_class_is_over_its_ceiling():
    assert [f"{relative(p)} {c.name}" for p in PYTHON for c in nodes(p, ast.ClassDef) if size(c) > 200] == []


def test_core_is_no_junk_drawer():
    assert sum(length(p) for p in PYTHON if SOURCE / "core" in p.parents) <= 600


def test_no_drawer_names_signals_or_service_classes():
    named = [p for p in PYTHON if p.stem in {"utils", "helpers", "common", "misc", "services", "managers", "signals"}]
    assert [relative(p) for p in named] == []
    forbidden = re.compile(r"django\.dispatch|django\.db\.models\.signals|GenericForeignKey|metaclass=")
    assert [relative(p) for p in PYTHON if forbidden.search(p.read_text())] == []


def test_models_read_and_never_write():
    written = {"save", "create", "update", "delete", "bulk_create", "bulk_update", "get_or_create", "update_or_create"}
    faults = []
    for model in OURS:
        path = Path(sys.modules[model.__module__].__file__)
        (body,) = [c for c in nodes(path, ast.ClassDef) if c.name == model.__name__]
        methods = [n for n in body.body if isinstance(n, ast.FunctionDef)]
        if len(methods) > 8:
            faults.append(f"{model.__name__} has {len(methods)} methods")
        calls = [
            n.func.attr for m in methods for n in ast.walk(m) if isinstance(n, ast.Call) and hasattr(n.func, "attr")
        ]
        faults += [f"{model.__name__} calls {name}" for name in calls if name in written]
    assert faults == []


@pytest.mark.parametrize("model", OURS, ids=lambda m: m.__name__)
def test_a_model_says_what_it_is(model):
    """A name marked for translation on the model and on each field, and a word for each row."""
    names = [model._meta.verbose_name, model._meta.verbose_name_plural]
    names += [f.verbose_name for f in model._meta.local_fields if not f.auto_created and not inherited(f, model)]
    assert [n for n in names if not isinstance(n, Promise)] == []
    assert "__str__" in model.__dict__


def inherited(field, model):
    return model.__name__ == "User" and field.name not in {"email", "language"}


@pytest.mark.parametrize("model", OURS, ids=lambda m: m.__name__)
def test_foreign_keys_point_upstream(model):
    """A step may know the steps before it, never those after."""
    mine = PATH.index(model._meta.app_label)
    keys = [f.related_model for f in model._meta.get_fields() if f.concrete and f.is_relation]
    ours = [k for k in keys if k._meta.app_label in PATH]
    assert [k.__name__ for k in ours if PATH.index(k._meta.app_label) > mine] == []


def test_every_template_is_used():
    text = "\n".join(p.read_text() for p in [*PYTHON, *TEMPLATES])
    libraries = {"account", "mfa", "socialaccount", "allauth", "django", "usersessions"}  # found by their own names
    errors = {"400.html", "403.html", "404.html", "500.html", "403_csrf.html"}
    unused = []
    for path in TEMPLATES:
        name = str(path).split("templates/", 1)[1]
        if name.split("/")[0] not in libraries and name not in errors and name not in text:
            unused.append(name)
    assert unused == []


def test_no_template_speaks_without_being_marked_or_breaks_the_csp():
    faults = []
    for path in TEMPLATES:
        text = path.read_text()
        if re.search(r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/(ld\+)?json\")[^>]*>", text):
            faults.append(f"{relative(path)}: inline script")
        if re.search(r"\s(style|on[a-z]+)=[\"']", text):
            faults.append(f"{relative(path)}: inline style or handler")
        if re.search(r"(src|href|action)=[\"'](https?:)?//", text) and "rel=" not in text:
            faults.append(f"{relative(path)}: third-party address")
    assert faults == []


def test_a_view_asks_nobody_for_raw_sql():
    views = [p for p in PYTHON if SOURCE / "web" in p.parents]
    assert [relative(p) for p in views if re.search(r"\.raw\(|connection\.cursor|\.extra\(", p.read_text())] == []


def test_on_delete_is_never_left_to_chance():
    """Money and decisions are protected; nothing of ours is SET_DEFAULT or DO_NOTHING."""
    kept = {models.CASCADE, models.PROTECT, models.SET_NULL, models.RESTRICT}
    keys = [f for m in OURS for f in m._meta.local_fields if isinstance(f, models.ForeignKey)]
    assert [str(f) for f in keys if f.remote_field.on_delete not in kept] == []


def test_the_changelog_and_decisions_keep_their_form():
    assert re.search(r"^## \[", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    numbers = sorted(int(p.name[:4]) for p in (ROOT / "docs" / "decisions").glob("[0-9]*.md"))
    assert numbers
    assert all(b - a == 1 for a, b in pairwise(numbers))


VIOLATIONS = {
    "The import order is the path of a project": ("calls/lifecycle.py", "import terreau.projects.lifecycle"),
    "Inside an app: lifecycle, models, rules, queries, actions, forms, tasks": (
        "projects/lifecycle.py",
        "import terreau.projects.models",
    ),
    "Methods are pure": ("methods/__init__.py", "import django"),
    "Spaces are independent": ("web/jury/__init__.py", "import terreau.web.applicant"),
    "No cycles between the modules of an app": ("core/money.py", "import terreau.core.violation_b"),
}


def contracts(folder):
    done = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-logo", "--no-cache"],
        cwd=folder,
        env={"PYTHONPATH": str(folder / "src"), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    return dict(re.findall(r"^(.+) (KEPT|BROKEN)$", done.stdout, re.MULTILINE))


def copy_of_the_sources(folder):
    for path in [*PYTHON, ROOT / "pyproject.toml"]:
        target = folder / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(path.read_text())


def test_the_import_contracts_hold_and_each_can_break(tmp_path):
    """One deliberate violation of each contract, in a copy of the sources, must turn that contract red."""
    copy_of_the_sources(tmp_path)
    assert set(contracts(tmp_path).items()) == {(name, "KEPT") for name in VIOLATIONS}
    for file, line in VIOLATIONS.values():
        path = tmp_path / "src" / "terreau" / file
        path.write_text(f"{path.read_text()}\n{line}\n")
    (tmp_path / "src" / "terreau" / "core" / "violation_b.py").write_text("import terreau.core.money\n")
    assert set(contracts(tmp_path).items()) == {(name, "BROKEN") for name in VIOLATIONS}


def test_the_site_starts_without_the_solvers():
    """They weigh more than the site itself: the methods load them at their first use."""
    said = (
        "import sys, django; django.setup(); import terreau.config.urls; "
        "print({'numba', 'scipy', 'highspy', 'sklearn'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", said],
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "terreau.config.settings"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.strip() == "set()", done.stderr
