"""A real task from its beginning to its end, with few keys: whoever is asked to look into something does this."""

import json

from tests.kit.hands import Hands
from tests.kit.pty import opened
from tests.kit.shell import Place


def test_from_a_user_to_a_comparison_in_25_keys(place: Place) -> None:
    (place.cwd / "evidence.txt").write_text("what was found")
    with opened(place, "demo") as terminal:
        terminal.sees("200 users", "Create conversation")
        hands = Hands(terminal)

        hands.press("enter", until=("ACTING AS Defne Güneş · u-000181",))
        hands.press("2", "f5", until=("200 OK · as Defne Güneş", "agent-0  Policy Q&A"))

        hands.press("j", "f5", until=("Don't send", "POST /api/Chat/CreateConversation", "Defne Güneş · u-000181"))
        hands.press("y", until=('"title": "New conversation"', '"botID": "agent-0"'))

        hands.press("j", "f5", until=("text is required.",))
        hands.press("H", "i", "f5", until=("Don't send", "POST /api/Chat/AskAgent"))
        hands.press("y", until=("text/event-stream", "On “Hi”: the nearest record", "next review."))

        hands.press("2", "j", "f5", until=("Choose a file", "evidence.txt  14 B"))
        hands.press("enter", until=("evidence.txt, 14 B", "Find file"))
        hands.press("f5", until=("Don't send", "POST /api/Chat/AddFileToConversation/c-000181-100"))
        hands.press("y", until=('"name": "evidence.txt"', '"size": 14'))

        hands.press("2", "j", "f5", until=("results=20&skip=0", "New conversation "))
        hands.press("]", until=("Page 2.", "[ and ] change page"))
        hands.press("]", until=("Page 3.",))

        hands.press("c", until=("Compare with", "send as Grace Turing · u-000000"))
        hands.press("enter", until=("as Defne Güneş · u-000181", "as Grace Turing · u-000000", "differ"))
        terminal.bar_says("ACTING AS Defne Güneş")
        assert hands.pressed <= 25

        terminal.quits()

    trail = json.loads(place.run("audit", "show", "--format", "json", "--user", "u-000000").out)
    assert [entry["event"] for entry in trail] == ["start", "request", "stop"]
