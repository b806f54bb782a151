from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command


def test_static_files_refer_only_to_files_that_are_there(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
    }
    # Hashing names fails on a reference that leads nowhere.
    call_command("collectstatic", "--no-input", verbosity=0)
    assert staticfiles_storage.stored_name("admin/css/base.css") != "admin/css/base.css"
