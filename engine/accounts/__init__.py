"""People: who they are, what they say of movies, what was noticed of their visits."""
