"""Public holidays of a country and region, half days and working weekends, as the `holidays` library knows them."""

from __future__ import annotations

import difflib
from datetime import date
from functools import lru_cache
from typing import Any

_ENGLISH = ("en_US", "en_GB", "en")


class PlaceError(ValueError):
    """A country or region that is not known; `key` is the one to mend, the text names the nearest."""

    def __init__(self, key: str, problem: str) -> None:
        super().__init__(problem)
        self.key = key


class PublicHolidays:
    """The holidays of one place, year by year; the library is loaded with the first."""

    def __init__(self, country: str, region: str = "") -> None:
        """Find the place: a country's code (`DE`), a region's code or name as the library writes it (`BY`, `Bayern`).

        Raises:
            PlaceError: there is none of that name.
        """
        import holidays

        self._country = country.strip().upper()
        try:
            known: Any = holidays.country_holidays(self._country)
        except (NotImplementedError, AttributeError):
            raise PlaceError("country", _no_country(country)) from None
        self._categories = frozenset(known.supported_categories)
        self._language = next((one for one in _ENGLISH if one in known.supported_languages), None)
        self._region = _region(region, known) if region else None
        self._year = lru_cache(None)(self._read)

    def whole(self, year: int) -> dict[date, str]:
        """Return the public holidays of a year and their English names."""
        return self._year(year)[0]

    def half(self, year: int) -> dict[date, str]:
        """Return the days of a year on which work ends early."""
        return self._year(year)[1]

    def worked(self, year: int) -> frozenset[date]:
        """Return the weekend days of a year that are worked for a bridge day elsewhere."""
        return self._year(year)[2]

    def _read(self, year: int) -> tuple[dict[date, str], dict[date, str], frozenset[date]]:
        import holidays

        def of(**kind: Any) -> Any:
            return holidays.country_holidays(
                self._country, subdiv=self._region, years=year, language=self._language, **kind
            )

        public = of()
        half = of(categories="half_day") if "half_day" in self._categories else {}
        worked = frozenset(day for day in getattr(public, "weekend_workdays", ()) if day.year == year)
        return _within(public, year), _within(half, year), worked


def _within(found: Any, year: int) -> dict[date, str]:
    return {day: str(name) for day, name in found.items() if day.year == year}


def _region(region: str, known: Any) -> str:
    """Return a region's code as the library spells it."""
    names = {str(code).lower(): str(code) for code in known.subdivisions}
    names |= {str(name).lower(): str(code) for name, code in known.subdivisions_aliases.items()}
    wanted = region.strip().lower()
    if wanted in names:
        return names[wanted]
    if not names:
        raise PlaceError("region", f"{known.country} has no regions with holidays of their own. Leave `region` out.")
    near = difflib.get_close_matches(wanted, names, 1, 0.6)
    codes = ", ".join(str(code) for code in known.subdivisions)
    meant = f'Did you mean "{names[near[0]]}"?' if near else f"Known: {codes}."
    raise PlaceError("region", f"no region of {known.country} is called {region!r}. {meant}")


def _no_country(country: str) -> str:
    """Return the sentence about a country that is not known, with the nearest by code or by English name."""
    from holidays.registry import COUNTRIES

    codes: dict[str, str] = {}
    for module, (_, *spelt) in COUNTRIES.items():
        name = str(module).replace("_", " ")
        known = f'"{spelt[0]}" ({name.title()})'
        codes |= {name: known, **{str(each).lower(): known for each in spelt}}
    wanted = country.strip().lower()
    begun = [name for name in codes if len(wanted) > 2 and name.startswith(wanted)]
    near = begun or difflib.get_close_matches(wanted, codes, 1, 0.7)
    meant = f"Did you mean {codes[near[0]]}?" if near else 'Write its two letters, like "DE".'
    return f"no holidays are known for the country {country!r}. {meant}"
