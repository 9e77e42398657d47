"""The parts of the main screen; none knows another."""
