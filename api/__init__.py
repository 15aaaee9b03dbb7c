"""The service: the inspector's page and the HTTP interface. It uses the public names of `classifier`."""
