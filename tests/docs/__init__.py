"""What is said to readers, held against the program."""
