"""The standards' own schemas, from the folder beside the data pack that TERREAU_DATA names."""

import json
import os
from pathlib import Path

import frictionless
import jsonschema

SHARED = Path(os.environ.get("TERREAU_DATA") or "/nowhere").resolve().parent
SCDL = SHARED / "official" / "scdl"
GIVING = SHARED / "real" / "360giving"


def scdl_faults(path):
    """What frictionless finds in a file under the published table schema of SCDL 2.1.1."""
    descriptor = json.loads((SCDL / "schema-subventions-2.1.1.json").read_text(encoding="utf-8"))
    schema = frictionless.Schema.from_descriptor(descriptor)
    report = frictionless.Resource(path=path.name, basepath=str(path.parent), schema=schema).validate()
    return report.flatten(["rowNumber", "fieldName", "message"])


def checked(package):
    """Against the schema of a grant and that of a package, whose reference to the former names another version."""
    one, whole = (json.loads((GIVING / f"360-giving{part}-schema.json").read_text()) for part in ("", "-package"))
    whole["properties"]["grants"]["items"] = {}
    formats = jsonschema.Draft202012Validator.FORMAT_CHECKER
    jsonschema.Draft202012Validator(whole, format_checker=formats).validate(package)
    validator = jsonschema.Draft202012Validator(one, format_checker=formats)
    for grant in package["grants"]:
        validator.validate(grant)
