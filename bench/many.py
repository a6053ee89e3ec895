"""Measure an archive of many volumes: python -m bench.many [--volumes 200] [--pages 600]. Three minutes.

A volume with so many pages (the sample's divisions, repeated) is served by gunicorn with two processes, first alone,
then among so many volumes. One table: the median of the milliseconds of each kind of page, asked for by one client.
Then the seconds of a correction of that volume, and those from its end until a reader of each process sees it.
"""

import argparse
import http.client
import os
import statistics
import time
from socket import create_server
from typing import Any

from bench.client import ask
from bench.saving import volume_of
from bench.served import HOST, SAMPLE, _running, database_of_its_own

BATCH = 500
# Questions after which every process has most probably answered one.
OFTEN = 12


def add_volumes(like: Any, count: int) -> None:
    """Add volumes, each with the first divisions of one, their paragraphs and notes, and their pages as published."""
    from django.db import connection

    from reader.models import Division, Note, Paragraph, PublishedPage, Volume
    from reader.publishing.publish import publish_home

    divisions = list(like.divisions.exclude(slug__contains="-copy-").filter(parent=None))
    paragraphs = list(Paragraph.objects.filter(division__in=divisions).defer("search"))
    notes = list(Note.objects.filter(division__in=divisions).defer("search"))
    paths = [f"{like.slug}/", *(f"{like.slug}/{each.slug}/" for each in divisions)]
    pages = list(PublishedPage.objects.filter(path__in=paths))
    for n in range(1, count + 1):
        slug = f"{like.slug}-{n}"
        volume = Volume.objects.create(**_values(like, slug=slug, title=f"{like.title} {n}"))
        rows = [Division(**_values(each, volume=volume)) for each in divisions]
        Division.objects.bulk_create(rows)
        other = {each.pk: row for each, row in zip(divisions, rows, strict=True)}
        Paragraph.objects.bulk_create(
            [
                Paragraph(**_values(each, volume=volume, division=other[each.division_id]))
                for each in paragraphs
            ],
            BATCH,
        )
        Note.objects.bulk_create(
            [Note(**_values(each, division=other[each.division_id])) for each in notes], BATCH
        )
        PublishedPage.objects.bulk_create(
            [
                PublishedPage(**_values(each, volume=volume, path=each.path.replace(like.slug, slug, 1)))
                for each in pages
            ]
        )
    publish_home()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # as PostgreSQL does by itself within minutes


def _values(row: Any, **values: Any) -> dict[str, Any]:
    """The values of a row for another one, some of them changed."""
    kept = [field for field in row._meta.concrete_fields if not field.primary_key and not field.generated]
    own = {field.name: getattr(row, field.attname) for field in kept if not field.is_relation}
    related = {field.attname: getattr(row, field.attname) for field in kept if field.is_relation}
    changed = {f"{name}_id" for name in values}
    return {**own, **{name: value for name, value in related.items() if name not in changed}, **values}


def measure(port: int, paths: dict[str, str]) -> dict[str, float]:
    """The median of the milliseconds of each path, asked for by one client after a first question."""
    found = {}
    for name, path in paths.items():
        ask(port, [path], 0.5, clients=1)
        seen = ask(port, [path], 2, clients=1)
        if set(seen.statuses) != {200}:
            raise SystemExit(f"{path} was answered {seen.said}.")
        found[name] = seen.hundredth(50)
    return found


def measure_correction(port: int, volume: Any, runs: int) -> tuple[list[float], list[float]]:
    """The seconds of corrections, and from the end of each until every answer shows it."""
    from django.contrib.auth.models import User

    from reader.correction.correcting import correct

    person = User.objects.create_superuser("bench")
    paragraph = volume.paragraphs.order_by("position").first()
    chapter = paragraph.division.page_division().get_absolute_url()
    took, until_seen = [], []
    for run in range(runs):
        word = f"correction{run}".encode()
        for _ in range(OFTEN):  # every process has the page in memory
            _fetch(port, chapter)
        begun = time.monotonic()
        correct(
            paragraph, f"{paragraph.text} {word.decode()}", seen=paragraph.text, by=person, reason="Measured"
        )
        ended = time.monotonic()
        last_without, in_a_row = ended, 0
        while in_a_row < OFTEN:
            if word in _fetch(port, chapter):
                in_a_row += 1
            else:
                last_without, in_a_row = time.monotonic(), 0
        took.append(ended - begun)
        until_seen.append(last_without - ended)
        paragraph.refresh_from_db()
    return took, until_seen


def _fetch(port: int, path: str) -> bytes:
    asking = http.client.HTTPConnection(HOST, port, timeout=30)
    asking.request("GET", path)
    body = asking.getresponse().read()
    asking.close()
    return body


def main() -> None:
    """Print the table."""
    options = _read_options()
    os.environ["WEB_CONCURRENCY"] = "2"
    with create_server((HOST, 0)) as free:
        port = free.getsockname()[1]
    with database_of_its_own(ARCHIVE_URL=f"http://{HOST}:{port}") as address:
        from reader.models import Volume

        volume = volume_of(options.pages, SAMPLE, None)
        home = volume.get_absolute_url()
        paths = {
            "first page": "/",
            "chapter, in memory": volume.divisions.chapters().first().get_absolute_url(),
            "paragraph's page": f"{home}paragraph/1/",
            "search in a volume": f"{home}search/?q=plan",
            "sitemap's index": "/sitemap.xml",
            "a file of the sitemap": "/sitemap-paragraphs.xml",
            "DTS, collection": "/api/dts/collection/",
        }
        print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; {volume.page_breaks.count()} pages")
        with _running(port, {**os.environ, "DATABASE_URL": address}):
            alone = measure(port, paths)
            add_volumes(volume, options.volumes - 1)
            among = measure(port, {**paths, "second page of the list": "/?page=2"})
            print(f"| page | ms at 1 volume | ms at {Volume.objects.count()} |\n|---|---|---|")
            for name, milliseconds in among.items():
                print(f"| {name} | {alone.get(name, float('nan')):.1f} | {milliseconds:.1f} |")
            took, until_seen = measure_correction(port, volume, options.runs)
            middle, seen = statistics.median(took), statistics.median(until_seen)
            print(f"{options.runs} corrections: median {middle:.2f} s, longest {max(took):.2f} s;")
            print(f"the last old answer after the end: median {seen:.2f} s, longest {max(until_seen):.2f} s")


def _read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--volumes", type=int, default=200)
    parser.add_argument("--pages", type=int, default=600)
    parser.add_argument("--runs", type=int, default=5)
    return parser.parse_args()


if __name__ == "__main__":
    main()
