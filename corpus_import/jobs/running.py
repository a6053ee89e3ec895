"""What the process of an upload does: it parses the files, and plans the import or writes it."""

import io
import logging

from django.conf import settings
from django.db import DataError, Error, IntegrityError, connection, transaction
from django.utils.translation import override

from corpus_import.jobs import sentences
from corpus_import.jobs.dry_run import counted, dry_run
from corpus_import.jobs.faults import kept
from corpus_import.jobs.process import OutOfTime, unbound
from corpus_import.jobs.watching import Stopped
from corpus_import.loading.write import Loaded, PlanChanged, load_edition, plan_edition
from corpus_import.models import Upload
from corpus_import.parsing.diagnostics import ImportFault
from corpus_import.parsing.elements import Draft
from corpus_import.parsing.findings import Misread
from corpus_import.parsing.pipeline import parse_contents
from corpus_import.parsing.telling import Tell
from corpus_import.uploads import read_upload
from reader.correction.log import note_import
from reader.models import Volume
from reader.pages.holdings import in_words
from reader.publishing.made_with import collect_static_files_once

logger = logging.getLogger("archive.imports")


def work(key: int, tell: Tell) -> None:
    """Do what the upload waits for: plan the import, or write the plan that a person confirmed.

    `tell` gets each step in words. Whatever goes wrong is said in the upload's row, and nothing is written. All that is
    kept is English, whatever the language of the person who started it.
    """
    with override("en"):
        _work(key, tell)


def _work(key: int, tell: Tell) -> None:
    begun = Upload.objects.filter(pk=key, state=Upload.State.WAITING)
    if not begun.update(state=Upload.State.AT_WORK, step=""):
        return
    try:
        said = _try(key, tell)
    except Stopped:
        return
    if said:
        unbound()
        if not connection.in_atomic_block:
            connection.close()  # an alarm may have left it in the middle of a statement
        for upload in Upload.objects.filter(pk=key, state=Upload.State.AT_WORK).defer("files", "outcome"):
            upload.fail(said)
            _note(logging.WARNING, "import refused", upload, said)


def _try(key: int, tell: Tell) -> str:
    """Do the work; return a sentence that says what went wrong, or nothing."""
    try:
        upload = Upload.objects.get(pk=key)
        tell(sentences.UNPACKING)
        uploaded = read_upload([("upload.zip", io.BytesIO(upload.files))])
        draft = parse_contents(uploaded.manifest, uploaded.witnesses, tell)
        if draft.doubts and not upload.accepts_doubts:
            raise Misread(draft.doubts_in_words)
        if upload.shown:
            _write(upload, draft, tell)
        else:
            tell(sentences.PLANNING)
            _keep_plan(upload, dry_run(draft, plan_edition(draft, tell)))
    except Upload.DoesNotExist:
        raise Stopped from None
    except Stopped:
        raise
    except PlanChanged as changed:
        _keep_plan(upload, dry_run(draft, changed.plan), is_another=True)
    except Misread as doubtful:
        # Kept beside the sentence: the upload's page lists them, and asks whether the person accepts them.
        Upload.objects.filter(pk=key).update(outcome={"doubts": doubtful.doubts})
        return sentences.DOUBTFUL % {"doubts": in_words(len(doubtful.doubts), "doubt")}
    except ImportFault as fault:
        if fault.__cause__ is not None:  # a front failed by a fault of its own
            logger.error("The import of upload %s was refused: %s", key, fault, exc_info=fault.__cause__)
        # Kept beside the sentence: the upload's page says it in the language of the person.
        Upload.objects.filter(pk=key).update(outcome={"fault": kept(fault)})
        return str(fault)
    except (DataError, IntegrityError) as error:
        return sentences.REFUSED_BY_DATABASE % {"error": str(error).splitlines()[0]}
    except MemoryError:
        return sentences.OUT_OF_MEMORY % {"megabytes": settings.IMPORT_MEMORY}
    except OutOfTime:
        return sentences.OUT_OF_TIME % {"seconds": settings.IMPORT_SECONDS}
    except Error as error:
        return sentences.ENDED_BY_DATABASE % {"error": (str(error).splitlines() or [""])[0]}
    except Exception:
        logger.exception("The import of upload %s failed.", key)
        return sentences.FAILED
    return ""


def _keep_plan(upload: Upload, shown: dict[str, object], *, is_another: bool = False) -> None:
    """Keep a plan for a person to look at and confirm."""
    said = sentences.NOTHING_TO_DO if shown["is_empty"] else sentences.TO_CONFIRM
    _finish(upload, Upload.State.PLANNED, outcome=shown, is_another=is_another, shown="", said=said)


def _write(upload: Upload, draft: Draft, tell: Tell) -> None:
    """Write the plan that the person was shown, and say so, in one transaction.

    Raises PlanChanged, and writes nothing, if the plan is another one now.
    """
    collect_static_files_once()
    with transaction.atomic():
        is_new = not Volume.objects.filter(slug=draft.manifest.slug).exists()
        loaded = load_edition(draft, tell, shown=upload.shown, accept_doubts=upload.accepts_doubts, tell=tell)
        if not loaded.is_unchanged:
            doubts = [f"Accepted with {in_words(len(draft.doubts), 'doubt')}."] if draft.doubts else []
            what = " ".join(["Imported.", *doubts, *loaded.plan.summary()])
            note_import(loaded.volume, by=upload.uploaded_by, is_new=is_new, reason=what)
        _finish(upload, Upload.State.DONE, said=_said(loaded), outcome=_found(loaded), files=b"")
    _note(logging.INFO, "import", upload, upload.said)


def _note(level: int, event: str, upload: Upload, said: str) -> None:
    """Write a line of the log: which import, of whose account, and what came of it."""
    noted = {"event": event, "upload": upload.pk, "account": upload.uploaded_by}
    logger.log(
        level, "Import %s of the account %s: %s", upload.pk, upload.uploaded_by, said, extra={"noted": noted}
    )


def _said(loaded: Loaded) -> str:
    changes = (
        sentences.NOTHING_CHANGED
        if loaded.is_unchanged
        else counted(loaded.plan) or sentences.NO_TEXT_CHANGED
    )
    return sentences.IMPORTED % {"volume": loaded.volume, "changes": changes}


def _found(loaded: Loaded) -> dict[str, object]:
    volume = loaded.volume
    conflicts = volume.conflicts.filter(state="open").count()
    return {"address": volume.get_absolute_url(), "volume": volume.pk, "conflicts": conflicts}


def _finish(upload: Upload, state: str, **values: object) -> None:
    """Note the end of the work, unless somebody said meanwhile that it has ended. Raises Stopped."""
    for name, value in values.items():
        setattr(upload, name, value)
    if not upload.move(Upload.State.AT_WORK, state, *values):
        raise Stopped
