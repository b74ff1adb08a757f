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
