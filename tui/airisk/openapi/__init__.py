"""OpenAPI descriptions read as endpoints."""
