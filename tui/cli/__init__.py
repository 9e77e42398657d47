"""The command line: settings, then the program on its screen, or one command without it."""
