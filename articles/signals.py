"""Names of what happens in the newsroom; `articles.receivers` alone says what follows from it."""

from django.dispatch import Signal

# A story went from one stage to another. Arguments: article, by, move (its name), reason.
article_moved = Signal()

# A story was put before readers, now or at its time. Arguments: article, by (a user or None for an import).
article_published = Signal()

# What readers have of a story was replaced by its working copy. Arguments: article, by (None for the schedule), told
# (whether readers are told of it).
article_updated = Signal()

# A story was taken away from readers. Arguments: article, by.
article_withdrawn = Signal()

# Rows were written past `save()`. Arguments: articles (list of saved rows), link_keys (set of folded headlines).
articles_imported = Signal()

# Rows that readers see something of are written past `save()`. Sender: their model. Arguments: keys (of the rows, as
# they are stored when it is sent; where it is sent before a change, it is sent after it too).
rows_rewritten = Signal()

# Other stories are suggested beside some than before. Arguments: stories (their keys).
suggestions_changed = Signal()

# Popular lists show other lines than before. Arguments: lists (pairs of scope and key, as `articles.models.Standing` has
# them).
popular_lists_changed = Signal()
