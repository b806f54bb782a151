"""Texts for tests, with the structure of real ones and words of their own."""

from datetime import UTC, datetime
from pathlib import Path

from articles.importers.base import Input

# The structure of the page of a blog from which the seed form comes: no byline, one reference between the fourth
# paragraph and the fifth, an account to follow, and three popular headlines, the last with quotes and a bar in it.
PAGE_OF_A_BLOG = """\
Harbour council turns down offer for the old lighthouse

The harbour council has turned down an offer for the lighthouse of Skarvik, and talks with the keepers’ union went on after the offer had lapsed.

The union did propose another way, by which the lamp would be moved to the museum in exchange for a lease of forty years.

The Northern Lights Trust (NLT) alliance — made up of pilots and fishermen and backed by the county — raised funds against the sale last month after a loud campaign along the coast.

The NLT soon had the votes of Skarvik — a town in the county of Nordland — but to win over the council itself has been harder.

Related:\u00a0 Dozens of keepers said to have left the service since the lamps went dark

On Thursday, the NLT-backed Harbour Friends put an offer on the table – the council would be given the tower, without a fee, if it signed within 48-hours.

But the council wasn't interested.

"The tide is rising, time is almost up," the Friends' spokesman Jonas Vik said on Saturday. "As far as we're concerned, nothing has changed," adding that there had been no answer.

Vik did not say whether the NLT would take up the proposal on the lamp. He said the council had used the tower as a "paperweight".

The Oslo-based Coastal Observatory said that talks went on inside the town hall, and that the county was looking at parts of the quay.

Members say at least 56 letters were sent to the council this week. The Coastal Party called for a pause while they are read.

Follow Coast News on Twitter: @coastnews



Popular posts from this blog

How a power cut helped the owls of Hamar

Former smuggler, customs man row together to promote the regatta

‘Not a Shed, the Boathouse is a Palace’: Town Releases ‘Boatmen’s’ Plans | Exclusive
"""


def make_text(headline="The tide gauge nobody switched off", *blocks):
    return "\n\n".join([headline, *(blocks or ["The gauge of Skarvik has been read since 1874."])]) + "\n"


def make_input(text, *, name="gauge.txt", folder="texts", **values):
    data = text if isinstance(text, bytes) else text.encode()
    return Input(
        path=f"{folder}/{name}",
        name=name,
        folder=folder,
        data=data,
        modified_at=datetime(2020, 5, 1, tzinfo=UTC),
        **values,
    )


def write_text(folder: Path, name: str, text: str | bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path
