"""Catalogues and ratings: the only home of file formats, of pandas and of downloads.

Importing the room costs nothing: pandas, requests and kagglehub are imported where they are first used.
"""
