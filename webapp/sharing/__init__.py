"""What search engines, feed readers and browsers read: canonical URLs, link previews, sitemap, feeds, app files."""
