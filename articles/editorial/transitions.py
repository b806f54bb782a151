"""The moves of a story from one stage to another, in one table: from where, to where, with which permission. Pure."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Stage(StrEnum):
    """Where a story stands: its status, with what is published and unseen by any reader yet told apart."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    SCHEDULED = "scheduled"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        return self.value.replace("_", " ").capitalize()


# Before a story is put before readers: what happens to it is the newsroom's affair alone.
UNPUBLISHED: Final = (Stage.DRAFT, Stage.IN_REVIEW, Stage.APPROVED)


class Kind(StrEnum):
    """What a row of the table of stories is."""

    STORY = "story"
    # What is being written for a story that readers have already.
    WORKING_COPY = "working copy"


@dataclass(frozen=True)
class Move:
    """A step that a person makes with a story; ``label`` stands on its button, ``done`` in logs."""

    name: str
    label: str
    done: str
    sources: tuple[Stage, ...]
    # None for a working copy that is no more afterwards.
    target: Stage | None
    permission: str
    kinds: tuple[Kind, ...] = (Kind.STORY,)
    needs_reason: bool = False
    # Made only while an embargo holds.
    lifts_embargo: bool = False


_TABLE: Final = (
    Move(
        "submit",
        label="Submit for review",
        done="submitted for review",
        sources=(Stage.DRAFT,),
        target=Stage.IN_REVIEW,
        permission="articles.submit_article",
        kinds=(Kind.STORY, Kind.WORKING_COPY),
    ),
    Move(
        "return",
        label="Return to draft",
        done="returned to draft",
        sources=(Stage.IN_REVIEW, Stage.APPROVED),
        target=Stage.DRAFT,
        permission="articles.return_article",
        needs_reason=True,
        kinds=(Kind.STORY, Kind.WORKING_COPY),
    ),
    Move(
        "approve",
        label="Approve",
        done="approved",
        sources=(Stage.IN_REVIEW,),
        target=Stage.APPROVED,
        permission="articles.approve_article",
        kinds=(Kind.STORY, Kind.WORKING_COPY),
    ),
    Move(
        "publish",
        label="Publish",
        done="published",
        sources=UNPUBLISHED,
        target=Stage.PUBLISHED,
        permission="articles.publish_article",
    ),
    Move(
        "publish_now",
        label="Publish now",
        done="published before its time",
        sources=(Stage.SCHEDULED,),
        target=Stage.PUBLISHED,
        permission="articles.publish_article",
    ),
    Move(
        "unschedule",
        label="Take off the schedule",
        done="taken off the schedule",
        sources=(Stage.SCHEDULED,),
        target=Stage.APPROVED,
        permission="articles.publish_article",
        kinds=(Kind.STORY, Kind.WORKING_COPY),
    ),
    Move(
        "override_embargo",
        label="Publish over the embargo",
        done="published over its embargo",
        sources=(*UNPUBLISHED, Stage.SCHEDULED, Stage.PUBLISHED),
        target=Stage.PUBLISHED,
        permission="articles.override_embargo",
        needs_reason=True,
        lifts_embargo=True,
    ),
    Move(
        "withdraw",
        label="Withdraw",
        done="withdrawn",
        sources=(Stage.PUBLISHED,),
        target=Stage.WITHDRAWN,
        permission="articles.publish_article",
        needs_reason=True,
    ),
    Move(
        "reinstate",
        label="Reinstate",
        done="reinstated",
        sources=(Stage.WITHDRAWN,),
        target=Stage.PUBLISHED,
        permission="articles.publish_article",
        needs_reason=True,
    ),
    Move(
        "publish_update",
        label="Publish the update and tell readers",
        done="published as an update",
        sources=(*UNPUBLISHED, Stage.SCHEDULED),
        target=Stage.PUBLISHED,
        permission="articles.publish_article",
        kinds=(Kind.WORKING_COPY,),
    ),
    Move(
        "publish_fix",
        label="Publish as a silent fix",
        done="published as a silent fix",
        sources=(*UNPUBLISHED, Stage.SCHEDULED),
        target=Stage.PUBLISHED,
        permission="articles.publish_article",
        kinds=(Kind.WORKING_COPY,),
    ),
    Move(
        "discard",
        label="Discard this working copy",
        done="discarded",
        sources=(*UNPUBLISHED, Stage.SCHEDULED),
        target=None,
        permission="articles.change_article",
        kinds=(Kind.WORKING_COPY,),
    ),
)

MOVES: Final[dict[str, Move]] = {move.name: move for move in _TABLE}


def moves_from(stage: Stage, kind: Kind = Kind.STORY) -> list[Move]:
    return [move for move in MOVES.values() if stage in move.sources and kind in move.kinds]


def why_not_from(move: Move, stage: Stage, kind: Kind = Kind.STORY) -> str:
    """A sentence for a story from whose present stage the move does not lead; empty where it does."""
    if kind not in move.kinds:
        others = " or ".join(f"a {each}" for each in move.kinds)
        return f"This is a {kind}; “{move.label}” is for {others}."
    if stage in move.sources:
        return ""
    if stage == move.target:
        return f"It is {stage.label.lower()} already."
    from_where = " or ".join(source.label.lower() for source in move.sources)
    return f"It is {stage.label.lower()}; “{move.label}” is for stories that are {from_where}."
