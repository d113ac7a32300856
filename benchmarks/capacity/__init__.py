"""How costs grow with a site, measured in one run at two sizes each, and what larger sites would take."""
