"""The OpenAPI description that clients are generated from: `python -m tests.clients.description FILE` writes it."""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path
from typing import Any

import webapp
from core.config import Settings
from tests import fakes
from webapp.description import code_samples

CLIENT = Path(__file__).parent.parent.parent / "clients" / "python"
DIGEST = CLIENT / "description.sha256"
"""The hash of the description that the committed client was generated from."""


def description() -> dict[str, Any]:
    """Return the description without code samples, which generators ignore."""
    app = webapp.create_app(fakes.services(settings=Settings(secret_key="k" * 40)))
    spec: Any = app.test_client().get("/api/openapi.json").json
    for methods in spec["paths"].values():
        for operation in methods.values():
            operation.pop(code_samples.KEY)
    return dict(spec)


def digest(spec: dict[str, Any]) -> str:
    """Return the hash of a description; the order of its keys does not matter."""
    return hashlib.sha256(json.dumps(spec, sort_keys=True).encode()).hexdigest()


if __name__ == "__main__":
    found = description()
    Path(sys.argv[1]).write_text(json.dumps(found), encoding="utf-8")
    DIGEST.write_text(f"{digest(found)}\n", encoding="utf-8")
