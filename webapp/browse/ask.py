"""Ask: `POST /api/ask` for programs and the page `/ask` for people. Costly, so that tries are counted."""

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
    """A question."""

    question: Question = Field(description="One sentence or two, up to 300 characters.")


class ClaimView(View):
    """One sentence of an answer."""

    text: str = Field(description="Plain text.")
    movies: tuple[int, ...] = Field(description="TMDB ids of the movies that it rests on; all are among `results`.")


class AskResponse(View):
    """An answer with the movies behind it."""

    question: str
    answer: tuple[ClaimView, ...] = Field(description="One to three sentences; none where nothing was found.")
    model: str = Field(
        description="Language model that phrased the answer; empty where it is made of sentences of plots."
    )
    notice: str
    results: tuple[schemas.MovieCard, ...] = Field(description="The movies that were found, the best first.")


def calls(services: Services, tries: rate_limits.Limits) -> APIBlueprint:
    """The one call."""
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
        """A short answer from the plots of the movies that the question finds, each sentence with its movies."""
        _count(tries)
        answer = _answer(services.question_answering.answer(body.question), poster_base=base)
        return Response(dump(answer), mimetype="application/json", headers={"Cache-Control": "no-store"})

    return blueprint


def pages(services: Services, tries: rate_limits.Limits) -> Blueprint:
    """The one page."""
    routes = Blueprint("ask", __name__)

    @routes.get("/ask")
    def ask() -> Response:
        """A question, and where there is one, its answer."""
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
    """Where texts are sent to be read or answered; empty where they stay here."""
    return urlsplit(services.settings.llm_url).hostname or ""


def _count(tries: rate_limits.Limits) -> None:
    """Count a question of this address, and of this account where somebody is signed in."""
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
