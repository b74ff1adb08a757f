"""A trouble longer than its two lines says where the rest is to be read."""

from supportterm.screens.widgets.trouble import in_two_lines


def test_what_fits_two_lines_is_left_as_it_is() -> None:
    assert in_two_lines("The store is locked.", 12, "E") == "The store is locked."


def test_what_does_not_fit_ends_at_a_word_and_names_the_key() -> None:
    said = in_two_lines("unknown key `tickets`. " + "when, hours, " * 30, 60, "E")
    assert said.startswith("unknown key `tickets`. when,")
    assert said.endswith("… E tells more")
    assert len(said) <= 2 * 60
