"""The server in front of the Flask application: connections, deadlines, admission, health and draining."""
