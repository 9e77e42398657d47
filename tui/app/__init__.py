"""The application object and what all screens share."""
