"""Similar movies: one function for the website, the API, the command line, the export and the rows of the home page."""
