"""Catalogues, ratings, exports and the database: the only home of file formats, pandas and downloads.

Importing the package is cheap: pandas, requests and kagglehub are imported when they are first used.
"""
