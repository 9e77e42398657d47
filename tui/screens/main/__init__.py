"""The main screen: its panes and keys, the state they show, and the controllers that change it."""
