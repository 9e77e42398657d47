"""Where text of any length is read, of which only the lines on the screen are ever drawn."""
