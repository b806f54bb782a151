"""The groups of a newsroom. A group that is there already gets what it lacks and loses nothing."""

from django.db import migrations

# Permissions are made after the last migration: those that the groups need are made here, and found there.
DEFAULT_ACTIONS = ("add", "change", "delete", "view")


def each(actions, *models):
    return tuple(f"{model}:{action}" for model in models for action in actions.split())


CONTRIBUTOR = (
    *each("add change submit", "article"),
    *each("add change delete view", "byline", "citation", "relatedlink"),
    *each("view", "section", "author", "source", "image", "tag", "correction"),
)
REPORTER = (
    *CONTRIBUTOR,
    *each("view", "article"),
    *each("add", "source", "image"),
)
EDITOR = (
    *REPORTER,
    *each("edit_any view_embargoed return approve delete", "article"),
    *each("add change", "correction", "author", "tag"),
    *each("change", "source", "image"),
    *each("view", "activity", "popularlist", "popularentry", "formerslug"),
)
PUBLISHER = (
    *EDITOR,
    *each("publish override", "article"),
    *each("delete", "correction", "tag", "source", "author", "image", "formerslug"),
    *each("add change delete", "popularlist", "popularentry"),
    *each("delete view", "deletedimport"),
)
ADMINISTRATOR = (
    *PUBLISHER,
    *each("add change delete", "section"),
    *each("add change delete view", "sectionlimit"),
    *each("change view", "sitesettings"),
    *each("add change delete view", "user", "flatpage"),
    *each("view", "group"),
)
GROUPS = {
    "Reporter": REPORTER,
    "Contributor": CONTRIBUTOR,
    "Editor": EDITOR,
    "Publisher": PUBLISHER,
    "Administrator": ADMINISTRATOR,
}
APPS = {"user": "auth", "group": "auth", "flatpage": "flatpages"}
# Of those that are not made of an action and a model.
CODENAMES = {
    "article:edit_any": "edit_any_article",
    "article:view_embargoed": "view_embargoed_article",
    "article:override": "override_embargo",
}


def make_groups(apps, schema_editor):
    groups = apps.get_model("auth", "Group").objects.using(schema_editor.connection.alias)
    for name, wanted in GROUPS.items():
        group, _ = groups.get_or_create(name=name)
        group.permissions.add(*(permission(apps, schema_editor, each) for each in wanted))


def permission(apps, schema_editor, wanted):
    alias = schema_editor.connection.alias
    label, action = wanted.split(":")
    model = apps.get_model(APPS.get(label, "articles"), label)
    codename = CODENAMES.get(wanted, f"{action}_{label}")
    names = dict(model._meta.permissions)
    if action in DEFAULT_ACTIONS:
        names[codename] = f"Can {action} {model._meta.verbose_name}"
    content_type, _ = (
        apps.get_model("contenttypes", "ContentType")
        .objects.using(alias)
        .get_or_create(app_label=model._meta.app_label, model=label)
    )
    found, _ = (
        apps.get_model("auth", "Permission")
        .objects.using(alias)
        .get_or_create(content_type=content_type, codename=codename, defaults={"name": names[codename]})
    )
    return found


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0003_flow"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("flatpages", "0001_initial"),
    ]

    operations = [migrations.RunPython(make_groups, migrations.RunPython.noop)]
