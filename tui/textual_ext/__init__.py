"""What is changed of Textual itself; it knows nothing of the rest of the program."""
