"""The command line: reads the settings, then opens the app or runs one command."""
