"""Question answering: `POST /api/ask` and the page `/ask`. Costly, so requests are rate-limited."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlsplit

from flask import Blueprint, Response, make_response, render_template, request
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag
from pydantic import AfterValidator, Field, StringConstraints

from core.errors import InvalidRequest
from engine.search.answers import MAX_QUESTION, Answer
from engine.services import Services
from webapp.http import rate_limits, sessions
from webapp.http.api import ANYBODY, PREFIX, problems
from webapp.http.fields import clean
from webapp.http.parsing import Body, Query, parse_request
from webapp.http.schemas import View, dump
from webapp.movies import schemas, serializers

ASKING = Tag(name="Ask", description="Ask a question about movies.")
Question = Annotated[str, StringConstraints(max_length=MAX_QUESTION), AfterValidator(clean)]


class AskRequest(Body):
    """A question about movies."""

    question: Question = Field(description="One or two sentences, up to 300 characters.")


class ClaimView(View):
    """One sentence of an answer."""

    text: str = Field(description="Plain text.")
    movies: tuple[int, ...] = Field(description="TMDB ids of the movies that it is based on; all are in `results`.")


class AskResponse(View):
    """An answer with the movies that it is based on."""

    question: str
    answer: tuple[ClaimView, ...] = Field(description="One to three sentences; empty if nothing was found.")
    model: str = Field(
        description="Language model that wrote the answer; empty if the sentences are quoted from plots."
    )
    notice: str
    results: tuple[schemas.MovieCard, ...] = Field(description="The movies found, best first.")


def calls(services: Services, tries: rate_limits.Limits) -> APIBlueprint:
    """Return the blueprint of the API."""
    blueprint = APIBlueprint("ask_api", __name__, url_prefix=PREFIX, abp_responses=problems(400, 503))
    base = services.settings.poster_base

    @blueprint.post(
        "/ask",
        tags=[ASKING],
        summary="Ask a question",
        security=ANYBODY,
        responses={200: AskResponse, **problems(401, 403, 413, 415, 429)},
    )
    @parse_request(query=Query, body=AskRequest)
    def ask(body: AskRequest) -> Response:
        """Return a short answer from the plots of the movies found, each sentence with the movies it is based on."""
        _count(tries)
        answer = _answer(services.question_answering.answer(body.question), poster_base=base)
        return Response(dump(answer), mimetype="application/json", headers={"Cache-Control": "no-store"})

    return blueprint


def pages(services: Services, tries: rate_limits.Limits) -> Blueprint:
    """Return the blueprint of the page."""
    routes = Blueprint("ask", __name__)

    @routes.get("/ask")
    def ask() -> Response:
        """Show the form and, if there is a question, its answer."""
        question = clean(request.args.get("q", ""))
        answer, fault = None, ""
        if question:
            _count(tries)
            try:
                answer = _answer(
                    services.question_answering.answer(question), poster_base=services.settings.poster_base
                )
            except InvalidRequest as error:
                fault = error.fields.get("question", str(error))
        html = render_template("browse/ask.html", question=question[:MAX_QUESTION], answer=answer, fault=fault)
        response = make_response(html)
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    routes.add_app_template_global(lambda: llm_host(services), "llm_host")
    return routes


def llm_host(services: Services) -> str:
    """Return the host that texts are sent to for interpretation or answers; empty if they are not sent anywhere."""
    return urlsplit(services.settings.llm_url).hostname or ""


def _count(tries: rate_limits.Limits) -> None:
    """Count a question against the limits of this address and, if signed in, of this account."""
    user = sessions.current()
    tries.count("ask", account=user.name if user else f"visitor {rate_limits.household(request.remote_addr or '')}")


def _answer(found: Answer, *, poster_base: str) -> AskResponse:
    return AskResponse(
        question=found.question,
        answer=tuple(ClaimView(text=claim.text, movies=claim.movies) for claim in found.claims),
        model=found.model,
        notice=found.notice,
        results=tuple(serializers.card(movie, poster_base=poster_base) for movie in found.movies),
    )
