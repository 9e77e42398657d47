"""The program on its screen: what is there whatever screen is shown."""
