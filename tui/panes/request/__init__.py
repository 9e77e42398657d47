"""The request that is being made ready: a form or a free text, and exactly what would go out."""
