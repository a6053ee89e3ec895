"""Publish volumes again: after templates, styles or code were changed."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from reader.models import Volume
from reader.publishing.made_with import collect_static_files_once, is_stale
from reader.publishing.publish import publish_again, publish_home, publish_volume


class Command(BaseCommand):
    """`publish_volumes [--if-stale] [SLUG…]`."""

    help = "Publish volumes again, all or those with the given slugs."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the slugs and --if-stale."""
        parser.add_argument("slugs", nargs="*", metavar="SLUG", help="a volume; all if none is given")
        parser.add_argument(
            "--if-stale", action="store_true", help="only if templates, styles or code have changed"
        )

    def handle(self, *args: Any, slugs: list[str], if_stale: bool, **options: Any) -> None:
        """Publish, and print the published volumes."""
        volumes = Volume.objects.filter(slug__in=slugs) if slugs else Volume.objects.all()
        if unknown := set(slugs) - {volume.slug for volume in volumes}:
            raise CommandError(f"There is no volume {', '.join(sorted(unknown))}.")
        collect_static_files_once()
        for volume in volumes:
            if if_stale and not is_stale(volume):
                continue
            if if_stale and volume.revision:
                publish_again(volume)
            else:
                publish_volume(volume)
            self.stdout.write(f"Published {volume}: {volume.pages.count()} pages.")
        publish_home()
