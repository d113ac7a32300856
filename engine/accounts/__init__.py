"""People: who they are, what they say of films, what was noticed of their visits."""
