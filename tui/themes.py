"""The program's own colours, dark and light."""

from textual.theme import Theme

DARK = Theme(
    name="airisk-dark",
    primary="#7aa2f7",
    secondary="#9d8cf0",
    accent="#2ac3a2",
    foreground="#d5dae8",
    background="#12151f",
    surface="#181c28",
    panel="#222838",
    success="#4fc98a",
    warning="#e6b450",
    error="#f2777a",
    dark=True,
)

LIGHT = Theme(
    name="airisk-light",
    primary="#2450b8",
    secondary="#5b43b8",
    accent="#00705c",
    foreground="#1d2333",
    background="#f7f8fb",
    surface="#eef0f6",
    panel="#e0e4ee",
    success="#1a7a4b",
    warning="#8a5a00",
    error="#b3261e",
    dark=False,
)
