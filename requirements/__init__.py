"""What the program stands on: locked, with licences, looked through for known vulnerabilities."""
