"""The site: settings, addresses, the database, the server."""
