"""Code samples of every operation, in curl, Python and JavaScript, from the OpenAPI description."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from webapp.description.examples import PATH_PARAMETERS

SITE = "http://127.0.0.1:8000"
"""The address of a site as `marquee serve` announces it."""
TOKEN = "MARQUEE_TOKEN"  # noqa: S105 - the name of a variable
KEY = "x-codeSamples"
JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Sample:
    """A request of an operation with example values."""

    method: str
    url: str
    query: Mapping[str, Any]
    body: Any
    token: bool
    """Whether the operation needs a user."""

    @property
    def address(self) -> str:
        """The URL with its query."""
        return f"{self.url}?{urlencode(self.query, doseq=True)}" if self.query else self.url

    def curl(self) -> str:
        """Return the request as a command."""
        parts = ["curl"] if self.method == "get" else [f"curl -X {self.method.upper()}"]
        parts += [f'-H "Authorization: Bearer ${TOKEN}"'] if self.token else []
        if self.body is not None:
            parts += [f"-H 'Content-Type: {JSON}'", f"-d {shlex.quote(json.dumps(self.body))}"]
        return " ".join([*parts, shlex.quote(self.address)])

    def python(self) -> str:
        """Return the request as a Python program that uses httpx; the name of the token stands for its secret."""
        given = {"params": dict(self.query)} if self.query else {}
        given |= {"json": self.body} if self.body is not None else {}
        named = [f"    {name}={value!r},\n" for name, value in given.items()]
        if self.token:
            named.append(f'    headers={{"Authorization": "Bearer {TOKEN}"}},\n')
        arguments = "".join(["\n", f'    "{self.url}",\n', *named]) if named else f'"{self.url}"'
        shown = 'print(answer.json() if answer.content else "done")\n'
        return f"import httpx\n\nanswer = httpx.{self.method}({arguments})\nanswer.raise_for_status()\n{shown}"

    def javascript(self) -> str:
        """Return the request as a JavaScript module."""
        headers = {"Authorization": f"`Bearer ${{process.env.{TOKEN}}}`"} if self.token else {}
        headers |= {"Content-Type": f'"{JSON}"'} if self.body is not None else {}
        options = [] if self.method == "get" else [f'  method: "{self.method.upper()}",\n']
        if headers:
            pairs = ", ".join(f'"{name}": {value}' for name, value in headers.items())
            options.append(f"  headers: {{ {pairs} }},\n")
        if self.body is not None:
            options.append(f"  body: JSON.stringify({json.dumps(self.body)}),\n")
        given = f", {{\n{''.join(options)}}}" if options else ""
        check = "if (!answer.ok) throw new Error((await answer.json()).detail);\n"
        return f'const answer = await fetch("{self.address}"{given});\n{check}console.log(await answer.text());\n'


def add(spec: Mapping[str, Any]) -> None:
    """Add samples to every operation of an OpenAPI description."""
    for path, methods in spec["paths"].items():
        for method, operation in methods.items():
            one = sample(path, method, operation)
            operation[KEY] = [
                {"lang": "Shell", "label": "curl", "source": one.curl()},
                {"lang": "Python", "label": "Python", "source": one.python()},
                {"lang": "JavaScript", "label": "JavaScript", "source": one.javascript()},
            ]


def sample(path: str, method: str, operation: Mapping[str, Any]) -> Sample:
    """Return the request of an operation with the examples of its description."""
    query = {}
    for parameter in operation.get("parameters", ()):
        name, example = parameter["name"], parameter.get("example")
        if parameter["in"] == "path":
            path = path.replace(f"{{{name}}}", str(example or PATH_PARAMETERS.get(name, "1")))
        elif parameter["in"] == "query" and example is not None:
            query[name] = example
    content = operation.get("requestBody", {}).get("content", {}).get(JSON)
    body = None if content is None else content.get("example", {})
    security = operation.get("security", [])
    return Sample(method, f"{SITE}{path}", query, body, token=bool(security) and {} not in security)
