"""Each case of which tests/terminal has a sample."""

import pytest

from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.names import UNKNOWN
from tests.kit.shell import Place
from tests.terminal.test_clock import acting, puts_back, puts_forward
from tests.terminal.test_names import is_reported_on_the_screen, somewhere  # noqa: F401 - a fixture
from tests.terminal.test_opening_frames import draws_in_place
from tests.terminal.test_secrets import noisy, secret, shows_or_stores_none  # noqa: F401 - fixtures
from tests.terminal.test_signals import OTHER_ENDINGS, ends_tidily, ends_without_a_word
from tests.terminal.test_terminals import HERE, TERMINALS, does_all_of_it


@pytest.mark.usefixtures("airisk")
@pytest.mark.parametrize("name", [each for each in TERMINALS if each not in HERE])
def test_the_job_is_done_in_any_terminal(place: Place, name: str) -> None:
    does_all_of_it(place, name)


@pytest.mark.parametrize("size", [(120, 40), (200, 60)], ids=str)
def test_from_the_first_frame_on_the_users_have_their_place(place: Place, size: tuple[int, int]) -> None:
    draws_in_place(place, size)


def test_put_back_nobody_is_acted_as_for_longer_and_no_token_lives_for_longer(
    place: Place, airisk: ForeignAIRisk
) -> None:
    with acting(place, airisk) as person:
        puts_back(person, "-1h")


def test_put_forward_the_act_is_over_and_another_begins_with_a_fresh_token(place: Place, airisk: ForeignAIRisk) -> None:
    puts_forward(place, airisk, "+1d")


@pytest.mark.usefixtures("airisk")
@pytest.mark.parametrize(("number", "code"), OTHER_ENDINGS.items(), ids=lambda each: str(int(each)))
def test_a_signal_ends_it_tidily(place: Place, number: int, code: int) -> None:
    ends_tidily(place, number, code)


@pytest.mark.usefixtures("airisk")
def test_a_closed_window_ends_it_before_anybody_says_so_while_it_draws(place: Place) -> None:
    ends_without_a_word(place, "jk" * 300)


def test_no_command_shows_or_stores_a_secret_in_env_file(
    noisy: Place,  # noqa: F811
    secret: str,  # noqa: F811
) -> None:
    shows_or_stores_none(noisy, secret, ".env")


def test_an_unknown_host_is_reported_on_the_screen(somewhere: Place) -> None:  # noqa: F811
    is_reported_on_the_screen(somewhere, UNKNOWN)
