"""Request pane: a form or a raw request, and a preview of what is sent."""
