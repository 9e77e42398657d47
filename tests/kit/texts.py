"""Text that tries to act, to hide or to move what stands beside it, by what it tries."""

# Clear, clipboard, link, title, questions to the terminal, device strings, the other screen, reset.
_SEVEN_BITS = (
    *("\x1b[2J", "\x1b]52;c;b3du\x07", "\x1b]8;;//e\x1b\\M\x1b]8;;\x1b\\", "\x1b]0;own\x07", "\x1b[6n\x1b[c"),
    *("\x1bPq\x1b\\", "\x1b_x\x1b\\", "\x1b[?1049l", "\x1bc"),
)
_EIGHT_BITS = (
    *("\x9b2J", "\x9d52;c;b3du\x9c", "\x9d8;;//e\x9cM\x9d8;;\x9c", "\x9d0;own\x9c", "\x9b6n\x9bc"),
    *("\x90q\x9c", "\x9fx\x9c", "\x9b?1049l", "\x84\x85\x8d"),
)
_TURNED = "\u202ekraM\u202c\u2066a\u2067r\u2068k\u2069\u200f\u061c"
_UNSEEN = "\u200b\u200d\u2060\ufeff\u00ad\u180e\U000e0041"
_MARKUP = "[@click=app.quit]M[/] [/] [bold]M[/] [link=//e]M[/link] [$x] [[ \\["
_JOINED = "👩\u200d👩\u200d👧家🏳\ufe0f\u200d🌈Ｍ👍🏽🇫🇷1\ufe0f\u20e3❤\ufe0f±■한\u1112\u1161\u11ab"

TEXTS = {
    "in seven bits": "".join(_SEVEN_BITS),
    "in eight bits": "".join(_EIGHT_BITS),
    "controls": "M\r\nT\tT\x08\x08\x08\vF\fF\x07\x00\u2028S\u2029\x7f\x05\x0e\x0f\x1a\x11",
    "turned and unseen": _TURNED + _UNSEEN,
    "markup": f"{_MARKUP}<script>alert(1)</script>=1+1;$(id)`id`",
    "wide, joined, marked": f"{_JOINED}M" + "\u0301" * 200 + "\u20dd\u0489",
    "half characters": "M\ud800a\udfffr\udc9bk",
    "very long": "Mark " * 20_000,
}

LONG = TEXTS["very long"]
# What is wide comes first: it must be in sight in the narrowest column to put anything askew.
SHORT = "".join(text for _, text in sorted(TEXTS.items(), key=lambda each: "wide" not in each[0]) if text != LONG)
"""All of them but the long one, in one text."""
