"""The tag of the calls about lists in the API's description."""

from __future__ import annotations

from flask_openapi3.models.tag import Tag

USER_LISTS = Tag(name="User lists", description="Lists of movies, alone or together, private or shared by a link.")
