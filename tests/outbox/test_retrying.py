from articles.outbox.retrying import LONGEST_SECONDS, LONGEST_WISH, seconds_before


def test_wait_doubles_up_to_a_limit():
    waits = [seconds_before(attempt, chance=lambda: 1.0) for attempt in (1, 2, 3, 8, 9, 10_000)]
    assert waits == [2, 4, 8, 256, LONGEST_SECONDS, LONGEST_SECONDS]


def test_many_who_fail_together_do_not_come_back_together():
    chances = iter((0.0, 0.5, 1.0))
    assert [seconds_before(3, chance=lambda: next(chances)) for _ in range(3)] == [4, 6, 8]


def test_what_the_other_side_asks_for_is_waited_for_within_reason():
    assert seconds_before(1, wish=30) == 30
    assert seconds_before(9, wish=30, chance=lambda: 1.0) == LONGEST_SECONDS
    assert seconds_before(1, wish=10**9) == LONGEST_WISH
