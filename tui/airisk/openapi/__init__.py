"""OpenAPI descriptions, parsed into endpoints."""
