"""Imports that persons start in the admin. The models of the edition are in `reader`."""

from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

# The time for a person to confirm an upload before it is removed.
KEPT_FOR = timedelta(days=1)
# The time for which the list names an import that was written.
LISTED_FOR = timedelta(days=30)


class Upload(models.Model):
    """A manifest and its witnesses, from the upload on: what became of them, and what a person is asked."""

    class State(models.TextChoices):
        """How far an import has come."""

        WAITING = "waiting", pgettext_lazy("import", "waits for its turn")
        AT_WORK = "at work", pgettext_lazy("import", "at work")
        PLANNED = "planned", pgettext_lazy("import", "waits for you")
        DONE = "done", pgettext_lazy("import", "imported")
        FAILED = "failed", pgettext_lazy("import", "not imported")

    # States in which a process works on the upload, or is about to.
    ACTIVE = (State.WAITING, State.AT_WORK)

    name = models.CharField(_("volume"), max_length=700)
    files = models.BinaryField(_("manifest and witnesses, as a zip"))
    contents = models.JSONField(_("names and sizes of the files"), default=list, editable=False)
    # Only the account's key, not a foreign key: without the admin there are no accounts.
    uploaded_by = models.PositiveBigIntegerField(editable=False)
    uploaded_at = models.DateTimeField(_("uploaded"), default=timezone.now, editable=False)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING, editable=False)
    changed_at = models.DateTimeField(_("last step"), default=timezone.now, editable=False)
    step = models.CharField(_("what the process is doing"), max_length=200, blank=True, editable=False)
    said = models.TextField(_("what came of it"), blank=True, editable=False)
    shown = models.CharField(
        _("digest of the plan that was confirmed"), max_length=64, blank=True, editable=False
    )
    is_another = models.BooleanField(
        _("the plan is not the one that was confirmed"), default=False, editable=False
    )
    accepts_doubts = models.BooleanField(
        _("the person accepts the doubts about the reading"), default=False, editable=False
    )
    outcome = models.JSONField(_("the plan, or where it is read"), default=dict, editable=False)

    class Meta:
        verbose_name = _("import")
        ordering = ("-uploaded_at",)
        # A person who may upload can view and confirm the own upload; no other action exists.
        default_permissions = ("add",)

    def __str__(self) -> str:
        return self.name

    @property
    def is_active(self) -> bool:
        """Whether a process works on the upload, or is about to."""
        return self.state in self.ACTIVE

    def move(self, before: str, state: str, *fields: str) -> bool:
        """Save these fields and a new state, unless the state is no longer the one before; return whether it was."""
        values = {name: getattr(self, name) for name in fields}
        now = timezone.now()
        rows = type(self).objects.filter(pk=self.pk, state=before)
        is_moved = bool(rows.update(state=state, step="", changed_at=now, **values))
        if is_moved:
            self.state, self.step, self.changed_at = state, "", now
        return is_moved

    def fail(self, said: str) -> None:
        """Note that the work ended without an import, and why."""
        self.said = said
        self.move(self.state, self.State.FAILED, "said")

    @classmethod
    def remove_old(cls) -> int:
        """Remove uploads that nobody confirmed or cancelled in time, and old ones that were imported."""
        now = timezone.now()
        is_done = Q(state=cls.State.DONE)
        old = cls.objects.exclude(state__in=cls.ACTIVE).filter(
            (is_done & Q(changed_at__lt=now - LISTED_FOR)) | (~is_done & Q(changed_at__lt=now - KEPT_FOR))
        )
        removed, _ = old.delete()
        return removed
