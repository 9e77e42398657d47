"""What works on the project itself: measures, pages, releases. Nothing here is shipped."""
