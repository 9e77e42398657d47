"""Widgets that several panes and screens use; none of them knows what it shows."""
