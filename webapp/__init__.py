"""The website and its JSON API, on top of the same use cases. The only package that uses Flask."""

from webapp.app import create_app as create_app
from webapp.server.assembly import create_front as create_front
