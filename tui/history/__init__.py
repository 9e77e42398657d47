"""The history of requests: kept over restarts, searched, sent again."""
