"""The pages that are served."""

from django.db import models

from reader.models.texts import Volume


class PublishedPage(models.Model):
    """A page as it is served: whole, with its ETag and its compressed forms."""

    volume = models.ForeignKey(Volume, on_delete=models.CASCADE, null=True, related_name="pages")
    path = models.CharField(max_length=300, unique=True, help_text="Without the leading slash.")
    etag = models.CharField(max_length=64)
    html = models.BinaryField()
    gzip = models.BinaryField()
    brotli = models.BinaryField()
    # Digest of the templates, styles and code that made it: `publish_volumes --if-stale` compares it.
    made_with = models.CharField(max_length=64)

    class Meta:
        ordering = ("path",)

    def __str__(self) -> str:
        return f"/{self.path}"
