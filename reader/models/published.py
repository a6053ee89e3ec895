"""The pages that are served, the revisions of the texts that they show, what these texts were, and what was changed."""

from django.db import models

from reader.models.texts import Volume


class Revision(models.Model):
    """A revision of a volume's published text, and when it was made. Older ones than this table have no row."""

    volume = models.ForeignKey(Volume, on_delete=models.CASCADE, related_name="revisions")
    n = models.PositiveIntegerField("number of the revision")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ("volume", "n")
        constraints = [models.UniqueConstraint(fields=("volume", "n"), name="revision_once")]

    def __str__(self) -> str:
        return f"revision {self.n}"


class PublishedText(models.Model):
    """What readers saw of a paragraph from a revision on, until the next row of its number.

    A paragraph is named by its number, which is given to no other: the text of one that is gone is still known.
    """

    volume = models.ForeignKey(Volume, on_delete=models.CASCADE, related_name="published_texts")
    number = models.PositiveIntegerField("number of the paragraph")
    since = models.PositiveIntegerField("first revision that shows it")
    text = models.TextField()

    class Meta:
        ordering = ("volume", "number", "since")
        constraints = [
            models.UniqueConstraint(fields=("volume", "number", "since"), name="published_text_once")
        ]

    def __str__(self) -> str:
        return f"paragraph {self.number} since revision {self.since}"


class NoteAddress(models.Model):
    """An address that a published note has or had: its chapter's slug and its number, and the note last seen there.

    The note is named by its key alone: it may be gone, or come back. What changed the number is not recorded, so that
    one rule holds for persons and for imports.
    """

    volume = models.ForeignKey(Volume, on_delete=models.CASCADE, related_name="note_addresses")
    chapter = models.SlugField(max_length=120)
    n = models.PositiveIntegerField("number of the note")
    note_key = models.BigIntegerField("key of the note")

    class Meta:
        verbose_name_plural = "note addresses"
        ordering = ("volume", "chapter", "n")
        constraints = [models.UniqueConstraint(fields=("volume", "chapter", "n"), name="note_address_once")]

    def __str__(self) -> str:
        return f"note {self.n} of {self.chapter}"


class Erratum(models.Model):
    """A change of what readers saw: of a text, a heading, a term, the title page; or a change of structure, in words.

    It is recorded when it is published, since the role that serves readers may read no history. It names no person.
    """

    class Kind(models.TextChoices):
        PARAGRAPH = "paragraph", "paragraph"
        NOTE = "note", "note"
        DIVISION = "division", "heading"
        TERM = "term", "term"
        VOLUME = "volume", "title page"

    volume = models.ForeignKey(Volume, on_delete=models.CASCADE, related_name="errata")
    # None: older than the table of revisions.
    revision = models.PositiveIntegerField(null=True)
    made_at = models.DateTimeField()
    # The version or the deed that it was recorded from, by which it is recorded once: `note 12`, `deed 3`.
    source = models.CharField(max_length=60)
    # What it is about, its key, and its name at that time. The row may be gone.
    kind = models.CharField(max_length=10, choices=Kind.choices)
    key = models.BigIntegerField(null=True)
    place = models.CharField(max_length=300)
    # In the inline markup. Of a change of structure, `after` is a sentence and `before` is empty.
    is_structure = models.BooleanField(default=False)
    before = models.TextField(blank=True)
    after = models.TextField(blank=True)
    reason = models.TextField(blank=True)

    class Meta:
        verbose_name_plural = "errata"
        ordering = ("-pk",)
        constraints = [models.UniqueConstraint(fields=("volume", "source"), name="erratum_once")]

    def __str__(self) -> str:
        return f"{self.place} in revision {self.revision}"


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


class TranslatedPage(models.Model):
    """A published page with its interface in another language than the first; its text is the same."""

    page = models.ForeignKey(PublishedPage, on_delete=models.CASCADE, related_name="translations")
    language = models.CharField(max_length=10)
    etag = models.CharField(max_length=64)
    html = models.BinaryField()
    gzip = models.BinaryField()
    brotli = models.BinaryField()

    class Meta:
        ordering = ("page", "language")
        constraints = [models.UniqueConstraint(fields=("page", "language"), name="translated_page_once")]

    def __str__(self) -> str:
        return f"{self.page} ({self.language})"
