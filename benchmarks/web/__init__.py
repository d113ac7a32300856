"""The weight and speed of the site's pages, in a real browser and with a thousand users."""
