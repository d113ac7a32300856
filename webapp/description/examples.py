"""Examples of parameters, bodies and responses of the main operations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

MOVIE, DIE_HARD, MATRIX = 603, 562, "The Matrix"
DESCRIPTION = "a man relives the same day"
_LISTS = {"size": 3}
PARAMETERS: Mapping[str, Mapping[str, Any]] = {
    "get /api/search": {"q": DESCRIPTION, "size": 3},
    "get /api/understand": {"q": "a scary film from the 80s"},
    "get /api/suggest": {"q": "the"},
    "get /api/popular": _LISTS,
    "get /api/trending": {"window": "week", "size": 3},
    "get /api/movies/{id}": {"id": MOVIE},
    "get /api/movies/{id}/similar": {"id": MOVIE, "by": "both"},
    "get /api/recommendations": _LISTS,
    "get /api/explain/{id}": {"id": MOVIE},
    "put /api/me/ratings/{id}": {"id": MOVIE},
    "delete /api/me/ratings/{id}": {"id": MOVIE},
    "put /api/me/watchlist/{id}": {"id": MOVIE},
}
"""Examples of the parameters, by method and path."""
BODIES: Mapping[str, Any] = {
    "post /api/search": {"q": DESCRIPTION, "size": 3},
    "post /api/ask": {"question": "In which film does a man relive the same day?"},
    "post /api/recommendations": {"ratings": {str(MOVIE): 4.5, str(DIE_HARD): 4}, "size": 3},
    "post /api/rate": {"movie_id": MOVIE, "rating": 4.5},
    "put /api/me/ratings/{id}": {"stars": 4.5},
    "post /api/ml/predict": {"user_id": "42", "movie_ids": [MOVIE]},
    "post /api/tokens": {"name": "my script", "scopes": ["read"]},
}
"""Examples of JSON bodies."""
RESPONSES: Mapping[str, Any] = {
    "get /api/suggest": {
        "results": [{"kind": "movie", "text": MATRIX, "id": MOVIE, "year": 1999, "url": "/movies/603-the-matrix"}]
    },
    "get /api/genres": {"results": [{"value": "Drama", "label": "Drama", "count": 2297}]},
}
"""Examples of successful responses."""
PATH_PARAMETERS: Mapping[str, str] = {
    "id": str(MOVIE),
    "movie_id": str(MOVIE),
    "user_id": "42",
    "version": "20261130-040000",
    "name": "retrain",
}
"""Values of parameters in paths that have no example of their own."""


def add(spec: Mapping[str, Any]) -> None:
    """Add the examples to an OpenAPI description."""
    for path, methods in spec["paths"].items():
        for method, operation in methods.items():
            key = f"{method} {path}"
            for parameter in operation.get("parameters", ()):
                if parameter["name"] in PARAMETERS.get(key, {}):
                    parameter["example"] = PARAMETERS[key][parameter["name"]]
            if key in BODIES:
                operation["requestBody"]["content"]["application/json"]["example"] = BODIES[key]
            if key in RESPONSES:
                operation["responses"]["200"]["content"]["application/json"]["example"] = RESPONSES[key]
