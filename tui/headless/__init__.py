"""The program's powers without its screen: one module a command, data on stdout, words on stderr."""
