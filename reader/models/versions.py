"""The versions of a volume's description; glossary/models.py has those of terms."""

from django.db import models

from glossary.models import Version
from reader.models.texts import Volume


class VolumeVersion(Version):
    """A volume's description as it was after a change: the fields of its title page, and its glossary's name."""

    volume = models.ForeignKey(Volume, on_delete=models.CASCADE, related_name="versions")

    class Meta(Version.Meta):
        pass

    def __str__(self) -> str:
        return str(self.snapshot.get("title", ""))
