"""A letter means the same on every screen."""

from collections import defaultdict

from tui.app.app import AIRiskApp
from tui.screens.key_scopes import key_scopes

MEANINGS = {
    "A": {"talk"},
    "C": {"close_all"},
    "E": {"open_all"},
    "J": {"response_page_down"},
    "K": {"response_page_up"},
    "N": {"previous_hit", "previous_finding"},
    "P": {"expect"},
    "R": {"resend_as_then"},
    "T": {"reverse_order"},
    "U": {"unmark"},
    "W": {"allow_changes"},
    "Y": {"copy_as", "copy_past_as"},
    "a": {"fetch_all"},
    "c": {"compare", "compare_with", "difference"},
    "e": {"edit_response"},
    "f": {"filter_document", "only", "toggle_volatile"},  # shows a part only
    "h": {"open_history"},
    "i": {"toggle_headers"},
    "m": {"matrix"},
    "n": {"next_hit", "next_finding", "new_deployment", "refuse"},  # in a dialog, its own word
    "o": {"import_description"},
    "p": {"paste_curl"},
    "q": {"leave_cell", "leave_check", "leave_reading"},
    "r": {"raw_response", "retry", "again", "check_again"},  # once more: in another form, or from AIRisk
    "s": {"save_response", "save_matrix"},
    "t": {"sort_users", "sort_matrix"},
    "v": {"view_response"},
    "w": {"toggle_wrap"},
    "x": {"stop_acting"},
    "y": {"copy", "copy_past", "copy_rules", "agree"},  # in a confirmation, yes
    "z": {"zoom"},
}
"""The actions of each letter, but for those that move as in vi."""

VI = frozenset("hjklgG")


def test_a_letter_means_the_same_on_every_screen() -> None:
    actions: dict[str, set[str]] = defaultdict(set)
    for scope in key_scopes(AIRiskApp):
        for binding in scope.bindings:
            moves = any(key not in VI and len(key) > 1 for key in binding.key.split(","))
            for key in binding.key.split(","):
                if len(key) == 1 and key.isalpha() and not (key in VI and moves):
                    actions[key].add(binding.id or "")
    assert actions == MEANINGS
