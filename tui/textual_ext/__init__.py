"""What the program needs of Textual that Textual does not offer; all private names of it are here."""
