"""What waits to be imported. The edition itself is the reader's."""

from datetime import timedelta

from django.db import models
from django.utils import timezone

# For so long a person can look at a dry run before the upload is removed.
KEPT_FOR = timedelta(days=1)


class Upload(models.Model):
    """A manifest and its witnesses, from the upload until the import is confirmed or cancelled."""

    name = models.CharField("volume", max_length=700)
    files = models.BinaryField("manifest and witnesses, as a zip")
    # The account's key and no more: without the admin there are no accounts.
    uploaded_by = models.PositiveBigIntegerField(editable=False)
    uploaded_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = "import"
        ordering = ("-uploaded_at",)
        # Who may upload may look at the own upload, and confirm it; nothing else can be done with one.
        default_permissions = ("add",)

    def __str__(self) -> str:
        return self.name

    @classmethod
    def remove_old(cls) -> None:
        """Remove what nobody has confirmed or cancelled in time."""
        cls.objects.filter(uploaded_at__lt=timezone.now() - KEPT_FOR).delete()
