"""Which mails belong together does not depend on when they came."""

from __future__ import annotations

import hashlib
import random
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from supportterm.domain.mail import Address, Bounce, ParsedMail
from supportterm.domain.threads import ALPHABET, mentions, partition, reference, root, ticket_key, token

KIM = Address("Kim", "kim@home.example")
EVE = Address("Eve", "eve@away.example")


def mail(
    own: str | None, *references: str, reply_to: tuple[str, ...] = (), sender: Address = KIM, body: str = ""
) -> ParsedMail:
    return ParsedMail(
        message_id=own, references=references, in_reply_to=reply_to, sender=sender, body_hash=body or f"hash of {own}"
    )


def groups(mails: list[ParsedMail]) -> set[frozenset[int]]:
    found: dict[str, set[int]] = {}
    for number, thread in enumerate(partition(mails)):
        found.setdefault(thread, set()).add(number)
    return {frozenset(one) for one in found.values()}


def test_references_and_in_reply_to_join() -> None:
    mails = [mail("a"), mail("b", "a"), mail("c", reply_to=("b",)), mail("d")]
    assert groups(mails) == {frozenset({0, 1, 2}), frozenset({3})}


def test_two_mails_join_over_a_third_that_never_came() -> None:
    assert groups([mail("b", "lost"), mail("c", "lost", "b2")]) == {frozenset({0, 1})}


def test_a_late_mail_joins_what_was_apart() -> None:
    apart = [mail("a"), mail("b")]
    assert len(groups(apart)) == 2
    assert groups([*apart, mail("c", "a", "b")]) == {frozenset({0, 1, 2})}


def test_a_subject_joins_nothing() -> None:
    one = replace(mail("a"), subject="Invoice")
    assert len(groups([one, replace(one, message_id="b", body_hash="y")])) == 2


def test_mails_without_ids_are_told_apart_by_body() -> None:
    mails = [mail(None, body="x"), mail(None, body="y"), mail(None, body="x"), mail(None, body="x", sender=EVE)]
    assert groups(mails) == {frozenset({0, 2}), frozenset({1}), frozenset({3})}


def test_a_reused_id_does_not_join_strangers() -> None:
    mails = [mail("same", body="x"), mail("same", body="y", sender=EVE), mail("same", "root", body="z"), mail("root")]
    assert groups(mails) == {frozenset({0}), frozenset({1}), frozenset({2, 3})}


def test_a_second_copy_of_a_mail_is_no_stranger() -> None:
    assert groups([mail("same", body="x"), mail("same", body="x")]) == {frozenset({0, 1})}
    assert groups([mail("same", body="x"), mail("same", body="with a list's footer")]) == {frozenset({0, 1})}


def test_a_bounce_joins_the_mail_it_returns() -> None:
    bounce = replace(
        mail("report", sender=Address("", "mailer-daemon@mx.example")), bounce=Bounce(original_ids=("ours",))
    )
    assert groups([mail("question"), mail("ours", "question"), bounce]) == {frozenset({0, 1, 2})}


IDS = st.sampled_from("abcdefghij")
MAILS = st.lists(
    st.builds(
        lambda own, refs, reply, sender, body: mail(own, *refs, reply_to=tuple(reply), sender=sender, body=body),
        st.none() | IDS,
        st.lists(IDS, max_size=3),
        st.lists(IDS, max_size=2),
        st.sampled_from([KIM, EVE]),
        st.sampled_from("xyz"),
    ),
    max_size=12,
)


@given(MAILS, st.randoms(use_true_random=False))
def test_the_order_of_arrival_changes_nothing(mails: list[ParsedMail], chance: random.Random) -> None:
    order = list(range(len(mails)))
    chance.shuffle(order)
    first = partition(mails)
    second = partition([mails[number] for number in order])
    assert [first[number] for number in order] == second


def test_the_root_is_the_first_reference_else_the_mail_itself() -> None:
    assert root(mail("c", "a", "b")) == "a"
    assert root(mail("c", reply_to=("b",))) == "b"
    assert root(mail("c")) == "c"
    assert root(mail(None, body="h")) == "body:h"
    assert mentions(mail("c", "a", "b", reply_to=("b",))) == ("a", "b", "c")


def test_the_key_is_the_first_fifty_bits_in_crockfords_letters() -> None:
    bits = int.from_bytes(hashlib.sha256(b"one@home.example").digest(), "big") >> 206
    number = 0
    for letter in ticket_key("one@home.example"):
        number = number * 32 + ALPHABET.index(letter)
    assert number == bits
    assert len(ticket_key("")) == 10
    assert ticket_key("\ud800") != ticket_key("")


def test_the_reference_grows_where_it_is_taken() -> None:
    assert reference("7KQ2FABCDE") == "ST-7KQ2F"
    assert reference("7KQ2FABCDE", {"ST-7KQ2F", "ST-7KQ2FA"}) == "ST-7KQ2FAB"
    assert reference("7KQ2FABCDE", {f"ST-7KQ2F{'ABCDE'[:length]}" for length in range(6)}) == "ST-7KQ2FABCDE"


def test_a_reference_in_a_subject_is_found() -> None:
    assert token("AW: [ST-7KQ2F] Invoice") == "ST-7KQ2F"
    assert token("re: [st-7kq2fab]") == "ST-7KQ2FAB"
    assert token("[ST-O1I2L]") == "ST-01121"
    assert token("ST-7KQ2F without brackets") is None
    assert token("[ST-7KQ] too short") is None
