"""Which of the concepts found stand near each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from supportterm.domain.lexicon import Hit


def within(hit: Hit, others: Sequence[Hit]) -> bool:
    """Tell whether a hit is part of another: `not` in `was simply not plugged in` says nothing by itself."""
    return any(other.start <= hit.start and hit.end <= other.end for other in others)


def choices(
    places: Sequence[Sequence[Hit]], ordered: bool, window: int, chosen: tuple[Hit, ...]
) -> Iterator[tuple[Hit, ...]]:
    """Yield what may be chosen, a hit of each place: none twice, at most `window` tokens between them."""
    if len(chosen) == len(places):
        yield chosen
        return
    for hit in places[len(chosen)]:
        if any(hit.start < other.end and other.start < hit.end for other in chosen):
            continue
        if ordered and chosen and hit.start < chosen[-1].end:
            continue
        together = (*chosen, hit)
        span = max(h.end for h in together) - min(h.start for h in together)
        if span - sum(h.end - h.start for h in together) <= window:
            yield from choices(places, ordered, window, together)
