"""An order that stands still: what differs, what is taken out, what is put back, where rows stand."""

from __future__ import annotations

import random

from supportterm.screens.order import Difference, Lines, Order, compare, put_back

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def order(*rows: str) -> Order:
    return Order("".join(f"{row[0]}{row[1:]:0>10}" for row in rows))


def some(random_: random.Random, number: int) -> list[str]:
    return sorted(
        f"{random_.choice('0123')}{''.join(random_.choices(ALPHABET, k=10))}" for _ in range(number)
    )  # fmt: skip


def test_what_gone_come_and_risen_mean_holds_for_any_two_orders() -> None:
    chance = random.Random(7)  # noqa: S311 a seeded sample, no secret
    for _ in range(200):
        before = some(chance, chance.randrange(30))
        after = sorted(
            [cell if chance.random() < 0.8 else f"{chance.choice('0123')}{cell[1:]}" for cell in before
             if chance.random() < 0.8] + some(chance, chance.randrange(5))
        )  # fmt: skip
        found = compare(Order("".join(before)), Order("".join(after)))
        old, new = {c[1:]: c[0] for c in before}, {c[1:]: c[0] for c in after}
        assert found.gone == old.keys() - new.keys()
        assert found.came == len(new.keys() - old.keys())
        assert found.risen == sum(new[key] < old[key] for key in old.keys() & new.keys())


def test_equal_orders_differ_in_nothing() -> None:
    assert compare(order("0A", "1B"), order("0A", "1B")) == Difference()
    assert compare(Order(), Order()) == Difference()


def test_a_key_is_found_only_where_it_begins() -> None:
    chance = random.Random(3)  # noqa: S311 a seeded sample, no secret
    cells = [*some(chance, 300), "30000000000", "30000000001"]
    held = Order("".join(cells))
    assert [held.row(cell[1:]) for cell in cells] == list(range(len(cells)))
    for at in range(600):
        part = held.cells[at : at + 10]
        assert held.row(part) in (-1, *[n for n, cell in enumerate(cells) if cell[1:] == part])
    assert held.row(None) == held.row("") == -1


def test_what_is_taken_out_leaves_the_rest_as_it_stood() -> None:
    held = order("0A", "1B", "1C", "2D")
    assert held.without({"000000000B", "000000000D", "nothing"}) == order("0A", "1C")
    assert held.without(set()) is held


def test_what_is_put_back_stands_behind_its_neighbour() -> None:
    fresh = order("0A", "1B", "1C", "2D")
    assert put_back(order("0A", "2D"), fresh, ["000000000C", "000000000B"]) == fresh
    assert put_back(order("2D"), fresh, ["000000000A"]) == order("0A", "2D")
    assert put_back(order("0A"), fresh, ["000000000A", "nothing"]) == order("0A")


def test_rows_and_lines_lead_to_each_other_around_headings() -> None:
    held = order("0A", "0B", "2C", "3D", "3E")
    lines = Lines(len(held), tuple(held.tiers()))
    assert lines.tiers == ((0, 2), (2, 1), (3, 2))
    assert [lines.row(line) for line in range(lines.height + 1)] == [None, 0, 1, None, 2, None, 3, 4, None]
    assert [lines.row(lines.line(row)) for row in range(5)] == list(range(5))
    assert [lines.heading(line) is not None for line in range(8)] == [
        True,
        False,
        False,
        True,
        False,
        True,
        False,
        False,
    ]
    flat = Lines(3)
    assert [flat.row(line) for line in (-1, 0, 2, 3)] == [None, 0, 2, None]
    assert flat.heading(0) is None
