"""Demo data: made-up users, ratings and events, so that a new site with the sample catalogue is not empty."""
