"""`marquee doctor`: checks of an installation, each with a finding and what to do about it."""
