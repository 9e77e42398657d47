"""The footer names a few keys, each of which does something here and now; Esc leads back and does nothing else."""

from collections import defaultdict

from tests.kit.asking import Way, act_as_ada, open_endpoint, send_agents
from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.pilot import Person, listed
from tui.widgets.key_bar import KeyBar

GLOBAL = {"Back", "Stop acting", "Matrix", "History", "Help", "Quit"}
QUIT = "ctrl+q"
VIEWS = ("r JSON", "r Raw", "r Table")
"""Of a response: each footer names the next."""


async def users(person: Person) -> None:
    await person.press("1", "g")
    await act_as_ada(person)


async def explorer(person: Person) -> None:
    await person.press("2")
    await person.sees("List agents")


async def form(person: Person) -> None:
    await open_endpoint(person, "create conversation")
    await person.until(lambda: "Esc Explorer" in person.footer, "the focus in the form")


async def table(person: Person) -> None:
    await read(person, "r JSON")


async def json(person: Person) -> None:
    await read(person, "r Raw")


async def read(person: Person, leading_on: str) -> None:
    """As Ada, go to her agents, which are requested once, and to the view of them from which `r` leads on to that."""
    await users(person)
    if "200 OK · as Ada" not in person.screen:
        await send_agents(person)
    await person.sees("200 OK · as Ada")
    await person.press("escape", "4")
    await person.until(lambda: any(words in person.footer for words in VIEWS), "a view of the response")
    while leading_on not in person.footer:
        before = person.footer
        await person.press("r")
        await person.until(lambda: person.footer != before, "the next view")  # noqa: B023


async def history(person: Person) -> None:
    await table(person)
    await person.press("h")
    await person.sees("ListAgents", "F5 Resend")


async def matrix(person: Person) -> None:
    await person.press("m")
    await person.sees("Access matrix")
    await person.press("enter")
    await person.sees(" allowed ", "r Retry")


PLACES: dict[str, Way] = {
    "users": users,
    "explorer": explorer,
    "form": form,
    "table": table,
    "JSON": json,
    "history": history,
    "matrix": matrix,
}


async def test_the_footer_is_short_each_of_its_keys_does_something_and_esc_leads_back() -> None:
    """Each key is pressed where it is named first; tests/long presses each one in every place."""
    pressed = {(QUIT, "^q Quit")}
    with ForeignAIRisk() as server:
        async with listed(server, size=(140, 40)) as person:
            for go in PLACES.values():
                await go(person)
                await person.until(lambda: person.footer.rstrip().endswith(" Help  ^q Quit"), "the way out")
                labels = [" ".join(words.split()[1:]) for words in person.footer.split("  ") if words.strip()]
                own = [label for label in labels if label not in GLOBAL]
                assert (len(own) <= 5, len(labels) - len(own) <= 4) == (True, True), person.footer
                while named := sorted(keys_of(person) - pressed):
                    pressed.add(named[0])
                    await press_and_see(person, named[0][0])
                    await go_back(person)
                    await go(person)
                sent = asked_of(server)
                await go_back(person)
                assert (asked_of(server), person.app.is_running) == (sent, True)
            await person.press(QUIT)
            await person.until(lambda: not person.app.is_running, "the end")


def keys_of(person: Person) -> set[tuple[str, str]]:
    """The keys that the footer shows, each with its words."""
    words = defaultdict[str, str](str)
    for segment in person.app.screen.query_one(KeyBar).render_line(0):
        if segment.style and (key := segment.style.meta.get("key")):
            words[key] += segment.text
    return set(words.items())


async def press_and_see(person: Person, key: str) -> None:
    """Press a key, which changes what is on the screen."""
    before = person.screen
    await person.press(key)
    await person.until(lambda: person.screen != before, f"what {key} does")


async def go_back(person: Person) -> None:
    """Go back with nothing but Esc."""
    await person.press(*["escape"] * 6)
    await person.sees("1 Users")
    await person.until(lambda: "SIGNING IN" not in person.bar, "nothing under way")


def asked_of(server: ForeignAIRisk) -> list[str]:
    """The paths of all requests except those that look for a description after the start."""
    return [each.path for each in server.requests if not each.path.endswith(".json")]


async def test_a_message_does_not_hold_esc_up() -> None:
    with ForeignAIRisk() as server:
        async with listed(server) as person:
            await form(person)
            await person.press("end", "enter", "enter")
            await person.until(lambda: "Press F5 to send the request." in person.notice, "a message")
            await person.press("escape")
            await person.comes_to("endpoints")
            await person.until(lambda: not person.notice, "nothing any more")


LISTS = ("users", "explorer", "history", "matrix")


async def test_esc_in_a_filter_clears_it_and_goes_to_the_list_so_that_letters_are_keys_again() -> None:
    with ForeignAIRisk() as server:
        async with listed(server, size=(140, 40)) as person:
            for place in LISTS:
                await PLACES[place](person)
                its_list = person.focus
                await person.press("slash", *"zzz")
                await person.sees("No match", "Esc Clear")
                await person.press("escape")
                await person.comes_to(its_list)
                await person.sees_no("No match")
                await person.press("slash")
                await person.sees("Esc Leave")
                await person.press("escape")
                await person.comes_to(its_list)
                await person.press("slash", *"zzz", "down")
                await person.comes_to(its_list)
                await person.sees("Esc Clear")
                await person.press("escape")
                await person.sees_no("No match")
                await person.comes_to(its_list)
                await go_back(person)


async def test_tab_passes_over_filters_and_leads_out_of_one() -> None:
    with ForeignAIRisk() as server:
        async with listed(server, size=(140, 40)) as person:
            for place in LISTS:
                await PLACES[place](person)
                its_list, seen = person.focus, set[str]()
                for key in ("tab", "shift+tab"):
                    for _ in range(12):
                        await person.press(key)
                        seen.add(person.focus)
                assert its_list in seen
                assert not {each for each in seen if each.endswith("filter")}, place
                for key in ("tab", "shift+tab"):
                    await person.press("slash")
                    await person.until(lambda: person.focus.endswith("filter"), "the filter")
                    await person.press(key)
                    await person.until(lambda: not person.focus.endswith("filter"), "something else")
                await go_back(person)
