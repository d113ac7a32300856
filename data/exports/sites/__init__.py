"""The forms of exports, a module for each site. Each says which files it recognises, and parses their rows."""
