"""What the page cache asks by: see articles.page_cache.schedule."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("articles", "0021_cdn_delivery")]

    operations = [
        migrations.AddIndex(
            model_name="article",
            index=models.Index(
                condition=Q(embargoed_until__isnull=False), fields=["embargoed_until"], name="article_by_embargo"
            ),
        ),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(condition=Q(expires_at__isnull=False), fields=["expires_at"], name="article_by_expiry"),
        ),
        migrations.AddIndex(
            model_name="image",
            index=models.Index(
                condition=Q(rights_expire_on__isnull=False), fields=["rights_expire_on"], name="image_by_end_of_rights"
            ),
        ),
    ]
