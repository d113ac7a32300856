"""The server in front of the application."""
