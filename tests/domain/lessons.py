"""Corrected tickets by a small grammar: a team that knows what its rules cannot, and one that only tosses coins."""

from __future__ import annotations

import random
from collections.abc import Sequence

from supportterm.domain.learning import Lesson
from supportterm.domain.ticket import Priority

SPEECH = {
    "en": (
        ("the mail merge", "my profile picture", "the blue sidebar", "our weekly digest", "a saved filter", "the map"),
        ("looks odd", "shows the old name", "is not where it was", "came out crooked"),
        "Hello, {thing} {state} on the {special}. Could you have a look?",
        ("loading ramp", "intranet page"),
    ),
    "ru": (
        ("список адресов", "фотография профиля", "боковая панель", "сводка за неделю", "карта"),
        ("выглядит странно", "показывает старое имя", "стоит не там"),
        "Здравствуйте, {thing} {state}, это {special}. Посмотрите, пожалуйста.",
        ("пристань", "витрина"),
    ),
    "ja": (
        ("住所録", "写真", "地図", "週報", "名札"),
        ("変に見えます", "古い名前です", "曲がっています"),
        "こんにちは。{special}で{thing}が{state}。見ていただけますか。",
        ("搬入口", "掲示板"),
    ),
    "tr": (
        ("adres listesi", "profil resmi", "haftalık özet", "harita"),
        ("tuhaf görünüyor", "eski adı gösteriyor", "yerinde durmuyor"),
        "Merhaba, {special} için {thing} {state}. Bakar mısınız?",
        ("iskelemizdeki", "vitrinimizdeki"),
    ),
}


def sentence(random_: random.Random, lang: str, special: int) -> str:
    """Write one mail; `special` is 0 for the place this team hurries for, 1 for the one that can wait."""
    things, states, frame, specials = SPEECH[lang]
    return frame.format(thing=random_.choice(things), state=random_.choice(states), special=specials[special])


def lessons(*, teaches: bool, count: int = 600, seed: int = 7) -> Sequence[Lesson]:
    """Return corrections in the order of time, the rules saying the same of all of them."""
    random_ = random.Random(seed)  # noqa: S311 no secret
    made = []
    for number in range(count):
        lang, special = tuple(SPEECH)[number % 4], random_.randrange(2)
        up = special == 0 if teaches else random_.random() < 0.5
        wanted = Priority.P2 if up else Priority.P5
        made.append(Lesson(sentence(random_, lang, special), random_.choice((0, 0, 3)), Priority.P3, wanted))
    return made
