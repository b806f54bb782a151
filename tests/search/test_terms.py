from articles.search.terms import Text, candidates, characteristic, count_words, rarity


def test_headline_and_dek_count_more_than_the_body():
    words = count_words(Text("Harbour reopens", "The harbour waits", "A crane at the harbour"))
    assert words["harbour"] == 3 + 2 + 1
    assert words["crane"] == 1


def test_numbers_and_very_short_words_are_no_terms():
    assert set(count_words(Text("In 2026", "", "It is 14 km to B2B"))) == {"b2b"}


def test_words_of_every_script_are_terms():
    assert set(count_words(Text("عاد الماء", "", "Бургомистр überlegt"))) == {"عاد", "الماء", "бургомистр", "überlegt"}


def test_known_common_words_are_not_looked_up():
    assert candidates({"the": 20, "crane": 2}, without=frozenset({"the"})) == ["crane"]


def test_number_of_look_ups_is_bounded():
    assert len(candidates({f"word{number}": 1 for number in range(5_000)}, without=frozenset())) == 120


def test_rarer_word_weighs_more_and_none_less_than_nothing():
    assert rarity(2, of=1_000) > rarity(200, of=1_000) > rarity(999, of=1_000) > 0


def test_what_others_say_too_characterises_and_what_nobody_else_says_does_not():
    words = {"falaj": 3, "water": 3, "hapax": 9}
    frequencies = {"falaj": 2, "water": 400, "hapax": 1}
    assert characteristic(words, frequencies, documents=1_000, most=5, budget=1_000) == ["falaj", "water"]


def test_terms_stay_within_their_budget_of_rows():
    frequencies = {"falaj": 2, "water": 400, "silt": 5}
    chosen = characteristic(dict.fromkeys(frequencies, 1), frequencies, documents=1_000, most=5, budget=10)
    assert chosen == ["falaj", "silt"]


def test_number_of_terms_is_bounded():
    frequencies = {f"word{number}": 2 for number in range(50)}
    assert len(characteristic(dict.fromkeys(frequencies, 1), frequencies, documents=99, most=7, budget=999)) == 7
