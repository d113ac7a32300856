"""`/admin`: the administrators' pages on jobs, models and data. Every page works without JavaScript."""

from webapp.admin.routes import blueprint

__all__ = ["blueprint"]
