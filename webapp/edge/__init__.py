"""What a request passes before a view: host names, proxies, bounds of paths; and the site's well-known files."""
