"""`/admin`: what runs by the clock and what it made, for administrators. Every page works without JavaScript."""

from webapp.admin.routes import blueprint

__all__ = ["blueprint"]
