"""Styles are parsed once for each theme, and not again when the screen or the theme changes back."""

from tui.textual_ext.stylesheet import ReusingStylesheet

TEXT = "Label { color: $ink; }"
DARK, LIGHT = {"ink": "#ffffff"}, {"ink": "#000000"}


def a_stylesheet(variables):
    stylesheet = ReusingStylesheet(variables)
    stylesheet.add_source(TEXT, ("a.tcss", ""))
    return stylesheet


def test_a_text_is_parsed_once_for_each_theme():
    stylesheet = a_stylesheet(DARK)
    (dark,) = stylesheet.rules
    stylesheet.set_variables(LIGHT)
    stylesheet.reparse()
    (light,) = stylesheet.rules
    stylesheet.set_variables(dict(DARK))
    stylesheet.reparse()
    assert stylesheet.rules == [dark]
    assert stylesheet.rules[0] is dark is a_stylesheet(DARK).rules[0]
    assert [rule.styles.color.hex for rule in (dark, light)] == ["#FFFFFF", "#000000"]


def test_a_text_that_comes_later_is_parsed_with_the_rest():
    stylesheet = a_stylesheet(DARK)
    stylesheet.reparse()
    stylesheet.add_source("Button { color: red; }", ("b.tcss", ""))
    stylesheet.reparse()
    assert len(stylesheet.rules) == 2
    assert set(stylesheet.rules_map) == {"Label", "Button"}
