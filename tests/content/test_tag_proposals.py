import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.content.tag_proposals import KnownTags, propose_tags

# A report of the kind that agencies send: one party named in full twice and then by its initials, one with
# its acronym in brackets, a town that recurs, a country that is there mostly as an adjective.
SIEGE_HEADLINE = "Islamic State turns down a truce in an encircled town"
SIEGE = [
    "The Islamic State has turned down a truce in the Syrian town of Manbij, and US-backed troops have gone back to shelling it.",
    "The group offered to let the sick go in return for a road out for wounded IS men, in a letter that arrived on Monday.",
    "The Syrian Democratic Forces (SDF), an alliance of Arabs and Kurds that is armed by the US, took ground from IS in June.",
    "But IS held the centre. The SDF had closed the ring around Manbij, a market town in Aleppo province, within a week.",
    "On Thursday, the SDF-allied Manbij Military Council gave IS two days to leave with light weapons.",
    "“No answer has come,” the Council’s spokesman Sharfan Darwish said. Time, IS knew, was on nobody’s side.",
    "Darwish would not say what the SDF made of the letter. He said that IS kept families in cellars as shields.",
    "Activists said that US-led aircraft had struck Manbij again. The Syrian National Coalition asked for a pause.",
    "Activists counted the dead. IS said nothing.",
]


def names_of(headline, paragraphs, *, known=None, limit=6, language="en"):
    return [one.name for one in propose_tags(headline, paragraphs, known=known, limit=limit, language=language)]


def test_a_reader_would_propose_the_same_tags_for_the_siege():
    names = names_of(SIEGE_HEADLINE, SIEGE)
    assert names[0] == "Islamic State"
    assert set(names[:4]) == {"Islamic State", "Manbij", "Syria", "Syrian Democratic Forces"}


def test_nothing_silly_is_proposed_for_the_siege():
    names = names_of(SIEGE_HEADLINE, SIEGE, limit=100)
    assert not {"Activists", "On Thursday", "Thursday", "But IS", "IS", "SDF", "US-led", "Syrian", "Council", "Time",
                "Arabs", "Darwish", "The", "No"} & set(names)  # fmt: skip


def test_reason_says_how_often_and_where():
    reasons = {one.name: one.reason for one in propose_tags(SIEGE_HEADLINE, SIEGE, known=KnownTags(["Manbij"]))}
    assert reasons["Islamic State"] == "recurs 9 times, in the headline"
    assert reasons["Manbij"] == "known tag, recurs 3 times, in the first paragraph"


def test_known_acronym_is_the_tag_of_its_long_form():
    names = names_of(SIEGE_HEADLINE, SIEGE, known=KnownTags(["IS", "US", "Coalition"]), limit=100)
    assert names[0] == "IS"
    assert "US" in names
    assert not {"Islamic State", "United States"} & set(names)


def test_known_tag_that_occurs_once_is_proposed_in_its_own_spelling():
    assert names_of(
        "A harbour", ["Nothing else.", "The Climate change summit ended."], known=KnownTags(["climate Change"])
    ) == ["climate Change"]


def test_longest_known_tag_wins_at_a_place():
    known = KnownTags(["State", "Islamic State", "Islamic"])
    assert list(known.find("the Islamic State and another state")) == ["Islamic State", "State"]


@pytest.mark.parametrize("text", ["it is so", "a turkey for us", "who said so"])
def test_acronyms_and_countries_match_capitals_only(text):
    assert list(KnownTags(["IS", "US", "Turkey", "WHO"]).find(text)) == []


@pytest.mark.parametrize(
    ("tags", "text", "found"),
    [
        (["北京", "冬天"], "今天北京很冷。北京下雪。", ["北京", "北京"]),
        (["بيروت"], "شتاء في بيروت بارد", ["بيروت"]),
        (["शीत लहर"], "आज शीत लहर है", ["शीत लहर"]),
        (["Łódź"], "ŁÓDŹ and łódź", ["Łódź", "Łódź"]),
    ],
)
def test_known_tags_are_found_in_any_script(tags, text, found):
    assert list(KnownTags(tags).find(text)) == found


def test_text_without_capitals_has_known_tags_only():
    assert names_of("北京的冬天", ["今天北京很冷。"], known=KnownTags(["北京"]), language="zh") == ["北京"]
    assert names_of("شتاء في بيروت", ["شتاء في بيروت بارد"], language="ar") == []


@pytest.mark.parametrize(
    ("paragraphs", "name"),
    [
        (["Medics of Doctors Without Borders (MSF) left.", "MSF gave no date. MSF had stayed for years."], "Doctors Without Borders"),
        (["In the north, Amara Lindqvist voted.", "Later Lindqvist spoke, and Lindqvist’s sister sang."], "Amara Lindqvist"),
        (["In May President Idris Vale spoke.", "Then Mr Idris Vale left, on Monday."], "Idris Vale"),
        (["It was the Bank of England.", "So the Bank of England said."], "Bank of England"),
        (["It lies by the Côte d’Azur.", "All of the Côte d’Azur burned."], "Côte d’Azur"),
        (["They met Bashar al-Assad.", "For years Bashar al-Assad ruled."], "Bashar al-Assad"),
        (["Snow fell on New York.", "Few in New York cared."], "New York"),
        (["PORT HARROW — Snow fell.", "All of Port Harrow slept.", "But Port Harrow’s boats left."], "Port Harrow"),
        (["The South Korean fleet sailed.", "A South Korean ship sank.", "In South Korea few slept."], "South Korea"),
    ],
)  # fmt: skip
def test_name_is_found_whole(paragraphs, name):
    assert names_of("Snow falls", paragraphs) == [name]


def test_people_and_continents_are_no_countries():
    text = ["So Michael Jordan and Latin American teams met.", "Then Michael Jordan left South American courts."] * 4
    assert not {"Jordan", "United States"} & set(names_of("Salt", text))


def test_person_and_place_are_two_names():
    text = ["Then Dorothea Lenz of Neuhaven spoke.", "In Neuhaven few heard Dorothea Lenz."]
    assert "Dorothea Lenz" in names_of("Three bridges", text)


def test_word_that_only_begins_sentences_is_no_name():
    assert names_of("Salt", ["Fishermen wept.", "Fishermen sang. Fishermen left.", "Fishermen came."]) == []


def test_surname_shared_by_two_people_is_given_to_neither():
    text = ["So Ada Vale and Idris Vale spoke.", "Then Vale left, and Ada Vale too.", "Here Vale stayed."]
    assert names_of("Salt", text) == ["Ada Vale"]


def test_single_mention_is_not_proposed():
    assert names_of("Salt", ["In spring Amara Lindqvist of the Harbour Trust flew to Oslo."]) == []


def test_headline_in_capitals_is_no_source_of_names_but_counts():
    proposals = propose_tags(
        "World Health Body Warns Of Outbreak In Port Harrow", ["It began in Port Harrow.", "All of it."], known=None
    )
    assert [(one.name, one.reason) for one in proposals] == [("Port Harrow", "recurs twice, in the headline")]


def test_german_nouns_are_not_taken_for_names():
    text = [
        "Am Montag empfing die Kanzlerin Angela Merkel die Presse in der Stadt.",
        "Die Presse fragte nach der Wirtschaft, und Angela Merkel lobte die Wirtschaft.",
    ]
    assert names_of("Die Wirtschaft wächst", text, language="de-AT") == ["Angela Merkel"]


def test_french_elision_is_no_part_of_a_name():
    text = ["Hier la France et l’Allemagne ont parlé.", "Il dit que l’Allemagne veut."]
    assert "Allemagne" in names_of("Accord trouvé", text, language="fr")


def test_limit_is_kept_and_best_comes_first():
    proposals = propose_tags(SIEGE_HEADLINE, SIEGE, known=None, limit=3)
    assert len(proposals) == 3
    assert [one.score for one in proposals] == sorted((one.score for one in proposals), reverse=True)


def test_text_of_any_size_takes_bounded_time():
    assert len(names_of("Amara " * 100_000, ["Port Harrow. " * 300_000, *["In Oslo Ada Vale sang."] * 50_000])) <= 6


def test_empty_text_calls_for_no_tag():
    assert names_of("", []) == []
    assert names_of("", [""], known=KnownTags([])) == []
    assert names_of("", ["x"], known=KnownTags(["", "!"])) == []


@given(
    st.text(max_size=60),
    st.lists(
        st.text(alphabet=st.one_of(st.characters(), st.sampled_from("ABCd efg’'-.()İß")), max_size=120), max_size=4
    ),
    st.sampled_from(["en", "de", "fr", "zh", ""]),
)
def test_any_text_is_survived_and_gives_the_same_tags_again(headline, paragraphs, language):
    known = KnownTags([headline, "İ", "北"])
    first = propose_tags(headline, paragraphs, known=known, language=language)
    assert propose_tags(headline, paragraphs, known=known, language=language) == first
    assert all(one.name and one.reason for one in first)
    assert len({one.name for one in first}) == len(first)
