"""An identity is named with what is known of its token, if anything is."""

from dataclasses import replace

from tui.airisk.identity import ANONYMOUS, APPLICATION, Identity, SubjectCheck
from tui.airisk.models import User

ADA = Identity.of(User("u-1", "Ada Lovelace"))


def test_a_user_without_a_token_has_no_empty_parentheses():
    assert ADA.with_subject_check == "Ada Lovelace · u-1"
    assert (APPLICATION.with_subject_check, ANONYMOUS.with_subject_check) == ("application", "anonymous")


def test_a_user_with_a_token_is_named_with_what_the_token_says():
    sure, unsure = (replace(ADA, subject_check=each) for each in (SubjectCheck.CONFIRMED, SubjectCheck.NOT_CONFIRMED))
    assert sure.with_subject_check == "Ada Lovelace · u-1 (token confirmed)"
    assert unsure.with_subject_check == "Ada Lovelace · u-1 (token not confirmed)"
