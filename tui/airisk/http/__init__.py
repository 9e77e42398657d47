"""HTTP to one origin: the client, its connections, its limits and its errors."""
