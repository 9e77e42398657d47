"""One file a screen: each holds state and starts work; panes get attributes and send messages."""
