"""The website and its API: pages and JSON over the same use cases. The only home of Flask."""

from webapp.app import create_app as create_app
