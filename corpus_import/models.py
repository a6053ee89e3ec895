"""Uploads that wait to be imported. The models of the edition are in `reader`."""

from datetime import timedelta

from django.db import models
from django.utils import timezone

# The time for a person to confirm an upload before it is removed.
KEPT_FOR = timedelta(days=1)


class Upload(models.Model):
    """A manifest and its witnesses, from the upload until the import is confirmed or cancelled."""

    name = models.CharField("volume", max_length=700)
    files = models.BinaryField("manifest and witnesses, as a zip")
    # Only the account's key, not a foreign key: without the admin there are no accounts.
    uploaded_by = models.PositiveBigIntegerField(editable=False)
    uploaded_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = "import"
        ordering = ("-uploaded_at",)
        # A person who may upload can view and confirm the own upload; no other action exists.
        default_permissions = ("add",)

    def __str__(self) -> str:
        return self.name

    @classmethod
    def remove_old(cls) -> None:
        """Remove uploads that nobody confirmed or cancelled in time."""
        cls.objects.filter(uploaded_at__lt=timezone.now() - KEPT_FOR).delete()
