"""What is stored: one concept a module, rules that must never break as constraints of the database."""

from articles.models.activity import Activity
from articles.models.article import Article, Byline
from articles.models.author import Author
from articles.models.autosave import Autosave
from articles.models.body_link import BodyLink
from articles.models.cdn_delivery import CdnDelivery
from articles.models.check_rule import CheckRule
from articles.models.correction import Correction
from articles.models.deleted_import import DeletedImport
from articles.models.duty import Duty
from articles.models.former_slug import FormerSlug
from articles.models.image import Image
from articles.models.image_use import ImageUse
from articles.models.popular_list import PopularEntry, PopularList
from articles.models.preview_link import PreviewLink, PreviewOpening
from articles.models.purge import Purge
from articles.models.reads import READS, Origin, ReadCount, ReadTotal, Refusal, RefusedReads
from articles.models.related_link import RelatedLink
from articles.models.revision import Revision
from articles.models.section import Section
from articles.models.section_limit import SectionLimit
from articles.models.site_settings import SiteSettings
from articles.models.source import Citation, Source
from articles.models.standing import PopularChoice, Scope, Standing, Window
from articles.models.suggestion import Fingerprint, NearDuplicate, Suggestion, SuggestionChoice
from articles.models.tag import Tag, TaggedArticle

__all__ = [
    "READS",
    "Activity",
    "Article",
    "Author",
    "Autosave",
    "BodyLink",
    "Byline",
    "CdnDelivery",
    "CheckRule",
    "Citation",
    "Correction",
    "DeletedImport",
    "Duty",
    "Fingerprint",
    "FormerSlug",
    "Image",
    "ImageUse",
    "NearDuplicate",
    "Origin",
    "PopularChoice",
    "PopularEntry",
    "PopularList",
    "PreviewLink",
    "PreviewOpening",
    "Purge",
    "ReadCount",
    "ReadTotal",
    "Refusal",
    "RefusedReads",
    "RelatedLink",
    "Revision",
    "Scope",
    "Section",
    "SectionLimit",
    "SiteSettings",
    "Source",
    "Standing",
    "Suggestion",
    "SuggestionChoice",
    "Tag",
    "TaggedArticle",
    "Window",
]
