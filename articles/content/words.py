"""Tables of words for finding names in text: what is no name, what joins names, whose adjective is whose."""

from collections.abc import Mapping
from typing import Final

# Words that may begin a sentence just before a name, or stand in capitals alone.
STOP_WORDS: Final = frozenset(
    """
    a about above according across after again against all almost along already also although always am amid among
    an and another any anyone are around as asked at away back be because been before behind being below beneath
    beside besides between beyond both but by can cannot could dear despite did do does doing done down during each
    earlier either else elsewhere even eventually ever every except few finally follow for former four from further
    had has have having he hence her here hers herself him himself his how however i if in indeed inside instead
    into is it its itself just last late later least less let like many may maybe me meanwhile might more moreover
    most much must my near nearly neither never nevertheless no nobody none nor not nothing now of off often on once
    one only onto or other others otherwise our out outside over own per perhaps please possibly quite rather said
    same say says see seen several shall she should since so some somebody someone something sometimes soon still
    such than that the their them then there thereafter therefore these they third this those though three through
    throughout thus till to today together tomorrow too toward towards under unless until up upon us very via was we
    well were what whatever when whenever where whereas wherever whether which while who whoever whom whose why will
    with within without would yes yesterday yet you your
    """.split()
)

MONTHS_AND_DAYS: Final = frozenset(
    """
    monday tuesday wednesday thursday friday saturday sunday january february march april may june july august
    september october november december
    """.split()
)

# Trimmed from the front of a name; alone they name nobody.
TITLES: Final = frozenset(
    """
    mr mrs ms miss dr sir dame lord lady prof professor president vice prime minister chancellor secretary senator
    sen rep representative congressman congresswoman governor gov mayor judge justice general gen colonel col
    captain capt lieutenant lt sergeant sgt major maj admiral commander chief director chairman chairwoman chair
    ambassador spokesman spokeswoman deputy attorney inspector detective officer reverend rev father sister brother
    sheikh ayatollah imam
    """.split()
)

# In capitals, yet of every place and trade.
COMMON_ACRONYMS: Final = frozenset({"AM", "CEO", "GMT", "HQ", "MP", "OK", "PM", "TV", "UTC", "GDP", "FAQ", "PhD"})

# Lower-case words that may stand inside a name.
CONNECTORS: Final = ("of", "for", "de", "del", "della", "di", "da", "do", "dos", "du", "van", "von", "bin", "ibn", "&")
ARTICLES_IN_NAMES: Final = ("the", "la", "las", "los", "le", "les", "der", "den")

# "Bank of England" is one name, "Dorothea Lenz of Neuhaven" two: these may stand before "of" or "for".
BODIES: Final = frozenset(
    """
    academy administration agency alliance archbishop army assembly association authority bank bay bishop board
    bureau campaign cape castle cathedral center centre chamber church city club coalition college commission
    commissioner committee confederation conference congress convention corporation council county court declaration
    department directorate duchess duke federation foundation front fund gallery group gulf high house initiative
    institute institution isle kingdom league library ministry mission movement museum network observatory office
    organisation organization party people programme program republic republics school secretariat service society
    state states strait summit theatre treaty tribunal trust union university
    """.split()
)

# Adjectives of peoples, faiths and continents that stand for no one country: never tags by themselves.
OTHER_ADJECTIVES: Final = frozenset(
    """
    african arab arabic arctic asian buddhist catholic christian european hindu islamic islamist jewish
    korean kurdish latin middle muslim nordic orthodox protestant scandinavian shia shiite sikh soviet sunni tamil
    tibetan uighur uyghur western eastern northern southern
    """.split()
)

PARTS_OF_AMERICA: Final = ("Latin America", "Central America", "North America", "South America", "African American")

# Languages in whose writing a capital inside a sentence marks a name. In German it marks any noun.
CAPITALS_MARK_NAMES: Final = frozenset(
    """
    af az be bg bs ca cs cy da el en eo es et eu fi fil fr ga gl hr hu hy id is it kk lt lv mk ms mt nb nl nn no pl
    pt ro ru sk sl sq sr sv sw tl tr uk uz vi
    """.split()
)

# Country: what else stands for it in news (adjectives, peoples). Where one adjective serves two countries
# ("Congolese", "Korean") or means something else at least as often ("Dominican"), it is left out.
_COUNTRIES: Final = """
Afghanistan: Afghan, Afghans | Albania: Albanian, Albanians | Algeria: Algerian, Algerians | Andorra: Andorran
Angola: Angolan, Angolans | Argentina: Argentine, Argentinian | Armenia: Armenian, Armenians
Australia: Australian, Australians | Austria: Austrian, Austrians | Azerbaijan: Azerbaijani | Bahamas: Bahamian
Bahrain: Bahraini | Bangladesh: Bangladeshi, Bangladeshis | Barbados: Barbadian | Belarus: Belarusian, Belarusians
Belgium: Belgian, Belgians | Belize: Belizean | Benin: Beninese | Bhutan: Bhutanese | Bolivia: Bolivian, Bolivians
Bosnia and Herzegovina: Bosnian, Bosnia | Botswana: Botswanan | Brazil: Brazilian, Brazilians | Brunei: Bruneian
Bulgaria: Bulgarian, Bulgarians | Burkina Faso: Burkinabe | Burundi: Burundian | Cambodia: Cambodian, Cambodians
Cameroon: Cameroonian | Canada: Canadian, Canadians | Cape Verde: Cape Verdean | Chad: Chadian
Central African Republic: Central African | Chile: Chilean, Chileans | China: Chinese | Colombia: Colombian, Colombians
Comoros: Comorian | Costa Rica: Costa Rican | Croatia: Croatian, Croatians | Cuba: Cuban, Cubans
Cyprus: Cypriot, Cypriots | Czech Republic: Czech, Czechs | Democratic Republic of the Congo: DRC | Denmark: Danish, Danes | Djibouti: Djiboutian
East Timor: Timorese | Ecuador: Ecuadorian, Ecuadorean | Egypt: Egyptian, Egyptians | El Salvador: Salvadoran
Equatorial Guinea: Equatoguinean | Eritrea: Eritrean, Eritreans | Estonia: Estonian, Estonians | Eswatini: Swazi
Ethiopia: Ethiopian, Ethiopians | Fiji: Fijian, Fijians | Finland: Finnish, Finns | France: French | Gabon: Gabonese
Gambia: Gambian | Georgia: Georgian, Georgians | Germany: German, Germans | Ghana: Ghanaian, Ghanaians
Greece: Greek, Greeks | Grenada: Grenadian | Guatemala: Guatemalan, Guatemalans | Guinea: Guinean | Guyana: Guyanese
Haiti: Haitian, Haitians | Honduras: Honduran, Hondurans | Hungary: Hungarian, Hungarians | Iceland: Icelandic
India: Indian, Indians | Indonesia: Indonesian, Indonesians | Iran: Iranian, Iranians | Iraq: Iraqi, Iraqis
Ireland: Irish | Israel: Israeli, Israelis | Italy: Italian, Italians | Ivory Coast: Ivorian, Ivorians
Jamaica: Jamaican, Jamaicans | Japan: Japanese | Jordan: Jordanian, Jordanians | Kazakhstan: Kazakh
Kenya: Kenyan, Kenyans | Kiribati: I-Kiribati | Kosovo: Kosovar, Kosovan | Kuwait: Kuwaiti, Kuwaitis
Kyrgyzstan: Kyrgyz | Laos: Laotian, Lao | Latvia: Latvian, Latvians | Lebanon: Lebanese | Lesotho: Basotho
Liberia: Liberian, Liberians | Libya: Libyan, Libyans | Liechtenstein: Liechtensteiner
Lithuania: Lithuanian, Lithuanians | Luxembourg: Luxembourgish | Madagascar: Malagasy | Malawi: Malawian, Malawians
Malaysia: Malaysian, Malaysians | Maldives: Maldivian | Mali: Malian, Malians | Malta: Maltese
Marshall Islands: Marshallese | Mauritania: Mauritanian | Mauritius: Mauritian | Mexico: Mexican, Mexicans
Micronesia: Micronesian | Moldova: Moldovan, Moldovans | Monaco: Monegasque | Mongolia: Mongolian
Montenegro: Montenegrin | Morocco: Moroccan, Moroccans | Mozambique: Mozambican | Myanmar: Burmese, Burma
Namibia: Namibian | Nauru: Nauruan | Nepal: Nepali, Nepalese | Netherlands: Dutch | New Zealand: New Zealanders
Nicaragua: Nicaraguan, Nicaraguans | Niger: Nigerien | Nigeria: Nigerian, Nigerians | North Korea: North Korean
North Macedonia: Macedonian | Norway: Norwegian, Norwegians | Oman: Omani | Pakistan: Pakistani, Pakistanis
Palau: Palauan | Palestine: Palestinian, Palestinians | Panama: Panamanian | Papua New Guinea: Papuan
Paraguay: Paraguayan | Peru: Peruvian, Peruvians | Philippines: Philippine, Filipino, Filipinos
Poland: Polish, Poles | Portugal: Portuguese | Qatar: Qatari | Romania: Romanian, Romanians
Russia: Russian, Russians | Rwanda: Rwandan, Rwandans | Samoa: Samoan | Saudi Arabia: Saudi, Saudis
Senegal: Senegalese | Serbia: Serbian, Serbs | Seychelles: Seychellois | Sierra Leone: Sierra Leonean
Singapore: Singaporean | Slovakia: Slovak, Slovaks | Slovenia: Slovenian, Slovene | Somalia: Somali, Somalis
South Africa: South African, South Africans | South Korea: South Korean, South Koreans
South Sudan: South Sudanese | Spain: Spanish, Spaniards | Sri Lanka: Sri Lankan | Sudan: Sudanese
Suriname: Surinamese | Sweden: Swedish, Swedes | Switzerland: Swiss | Syria: Syrian, Syrians
Taiwan: Taiwanese | Tajikistan: Tajik | Tanzania: Tanzanian, Tanzanians | Thailand: Thai, Thais | Togo: Togolese
Tonga: Tongan | Trinidad and Tobago: Trinidadian | Tunisia: Tunisian, Tunisians | Turkey: Turkish, Turks
Turkmenistan: Turkmen | Tuvalu: Tuvaluan | Uganda: Ugandan, Ugandans | Ukraine: Ukrainian, Ukrainians
United Arab Emirates: Emirati, UAE | United Kingdom: British, Britain, Britons, UK, U.K.
United States: American, Americans, America, US, U.S., USA | Uruguay: Uruguayan | Uzbekistan: Uzbek
Vanuatu: Ni-Vanuatu | Venezuela: Venezuelan, Venezuelans | Vietnam: Vietnamese | Yemen: Yemeni, Yemenis
Zambia: Zambian, Zambians | Zimbabwe: Zimbabwean, Zimbabweans
"""


def _read_countries() -> dict[str, str]:
    countries: dict[str, str] = {}
    for entry in _COUNTRIES.replace("\n", "|").split("|"):
        if entry.strip():
            country, _, forms = entry.strip().partition(": ")
            countries[country] = country
            countries.update(dict.fromkeys(forms.split(", "), country))
    return countries


# Every form, and each country's own name, to the country's name.
COUNTRY_OF: Final[Mapping[str, str]] = _read_countries()
