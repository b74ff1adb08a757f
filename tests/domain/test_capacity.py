"""A soft limit on what an agent takes on."""

from supportterm.domain import capacity


def test_only_channels_over_their_limit_are_told() -> None:
    limits = {"email": 30, "chat": 3}
    assert capacity.over({"email": 30, "chat": 4, "phone": 99}, limits) == ["chat 4 of 3"]
    assert (
        capacity.in_words({"email": 31, "chat": 4}, limits)
        == "More than you set yourself: chat 4 of 3, email 31 of 30."
    )
    assert capacity.in_words({}, limits) == ""


def test_beside_a_name_stands_what_is_full_else_how_much_of_each() -> None:
    limits = {"email": 30, "chat": 3}
    assert capacity.beside({"email": 30, "chat": 2}, limits) == "full: email 30 of 30"
    assert capacity.beside({"email": 4}, limits) == "chat 0 of 3, email 4 of 30"
    assert capacity.of_colleague("bob", {"email": 31}, limits) == "bob has more than they can take: email 31 of 30."
    assert capacity.of_colleague("bob", {"email": 30}, limits) == ""
