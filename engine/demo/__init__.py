"""Demo data: made-up users, ratings and events, so that a site of the sample catalogue is not empty at first sight."""
