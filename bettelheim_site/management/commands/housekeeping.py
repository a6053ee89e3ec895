"""`manage.py housekeeping`: removes what would grow without end. To be run once a day."""

from datetime import timedelta
from typing import Any

from axes.handlers.proxy import AxesProxyHandler
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.utils import timezone

from corpus_import.jobs.watching import notice_ended
from corpus_import.models import Upload
from glossary.shown_tables import remove_old_tables

# The log of logins is kept for so long.
LOGINS_KEPT_FOR = timedelta(days=90)


class Command(BaseCommand):
    """Remove old uploads, sessions, the log of logins, and tables of terms that nobody confirmed."""

    help = "Remove old uploads, expired sessions, and old entries of the log of logins. Run it once a day."

    def handle(self, *args: Any, **options: Any) -> None:
        """Do everything, and print a line for each."""
        now = timezone.now()
        self._say("imports whose process had ended", notice_ended())
        self._say("old imports removed", Upload.remove_old())
        expired = Session.objects.filter(expire_date__lt=now).count()
        call_command("clearsessions")
        self._say("expired sessions removed", expired)
        self._say(
            f"logins of more than {LOGINS_KEPT_FOR.days} days ago removed from the log",
            AxesProxyHandler.reset_logs(age_days=LOGINS_KEPT_FOR.days),
        )
        # A failure that no longer closes an account or an address.
        failed, _ = AccessAttempt.objects.filter(attempt_time__lt=now - settings.AXES_COOLOFF_TIME).delete()
        self._say("failed logins forgotten", failed)
        self._say("tables of terms that nobody confirmed removed", remove_old_tables())

    def _say(self, what: str, count: int) -> None:
        self.stdout.write(f"{what}: {count}")
