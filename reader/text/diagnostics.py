"""What an import says of its sources: each kind of diagnostic with its meaning and its messages, in English.

A message is made here in English and kept so; `reader/edition/diagnostics.py` knows it again by its message and says it
in the reader's language.
"""

import re
from collections.abc import Iterable

from reader.text.messages import gettext_noop

# Every diagnostic's code with its meaning. tests/corpus_import/parsing has a case for each.
CODES = {
    "left-out": gettext_noop(
        "characters of a web page or a PDF that no page shows: scripts, styles, hidden text"
    ),
    "page-cut-off": gettext_noop("a web page seems to end in the middle: it does not say where it ends"),
    "encoding-contradicted": gettext_noop("a web page declares another encoding than the one of its bytes"),
    "letters-of-a-font": gettext_noop(
        "a PDF's font does not say which letters it shows: the words around them show it"
    ),
    "link-contradicted": gettext_noop(
        "the link of a call leads to a note that has another number: the link is followed"
    ),
    "page-name-contradicted": gettext_noop(
        "a page's mark has another number in its name, or in the page's head, than in its words"
    ),
    "lost-letter-unread": gettext_noop(
        "a character stands for a letter that the font lost, and no letter makes a word of it"
    ),
    "lost-letter-doubtful": gettext_noop(
        "words may have lost a letter that left no sign, and can be read in more than one way"
    ),
    "text-before-first-division": gettext_noop(
        "text that stands before the first heading and is not a key: kept as forme work"
    ),
    "untitled-text": gettext_noop(
        "running text before the first heading: kept as front matter without a title"
    ),
    "title-block-doubtful": gettext_noop(
        "short lines at the beginning of a further file, read as a title by their form alone"
    ),
    "division-moved": gettext_noop("a division stood out of the order of its pages and was put in its place"),
    "note-duplicate": gettext_noop(
        "a note's number is already taken by another note of the division: kept as a fragment"
    ),
    "notes-renumbered": gettext_noop("notes are numbered anew within a chapter: here they count through it"),
    "note-out-of-order": gettext_noop("a note's number is not the next one"),
    "note-never-called": gettext_noop("no reference in the text calls the note"),
    "note-fragment": gettext_noop("a piece of a note whose number is not in the witness"),
    "reference-out-of-order": gettext_noop(
        "a reference's number is smaller than one before it, and it was not called before"
    ),
    "note-inferred": gettext_noop(
        "a note whose number is not in the witness: only one number fits by order and page"
    ),
    "note-numbered": gettext_noop("a note whose number is not in our witness: a second witness has it"),
    "second-witness-doubtful": gettext_noop("a second witness was probably misread"),
    "page-attested": gettext_noop(
        "a page that our witnesses let only infer: a second witness marks it at a certain place"
    ),
    "key-row-supplied": gettext_noop("a row of the key that only a second witness has"),
    "second-witness-key": gettext_noop("a row of a second witness's key that was not taken"),
    "second-witness-heading": gettext_noop(
        "a heading that only a second witness has, or has in other words: never applied"
    ),
    "second-witness-longer": gettext_noop(
        "many paragraphs that only a second witness has, as of another part of the book"
    ),
    "second-witness-lacks": gettext_noop("paragraphs or notes that a second witness lacks"),
    "call-doubtful": gettext_noop(
        "a number in brackets that is out of order: kept as text, not read as a note's call"
    ),
    "gap": gettext_noop("a note that the text calls and that is not in the witnesses"),
    "key-see-nowhere": gettext_noop("an entry of the key sends the reader to an entry that is not there"),
    "key-see-loop": gettext_noop("entries of the key send the reader round in a circle"),
    "files-out-of-order": gettext_noop(
        "the manifest names the files in another order than their pages and chapters have"
    ),
    "file-missing": gettext_noop("pages and chapters are missing where one file ends and the next begins"),
    "overlap": gettext_noop("a witness repeats the end of the one before it: the lines are taken once"),
    "contents-disagree": gettext_noop(
        "the contents list gives another page than the one on which the division begins"
    ),
    "declared-nowhere": gettext_noop("the manifest speaks of a division that the text does not have"),
    "key-repeated": gettext_noop(
        "an entry of the key stands in the witnesses more than once, with another definition"
    ),
    "forme-work-doubtful": gettext_noop(
        "a line of the text looks like what a browser prints above its pages: kept as text"
    ),
    "marker-doubtful": gettext_noop(
        "a number in brackets may mark a page, but fits into no series of pages: kept as text"
    ),
    "heading-missing": gettext_noop(
        "the numbers of two headings that follow each other leave one or more out"
    ),
    "pages-missing": gettext_noop("pages of the book have no text before a division"),
    "page-repeated": gettext_noop("a page marker stands in the witnesses more than once"),
    "page-contradicted": gettext_noop("a page marker names another page than all other evidence"),
    "note-page-disagrees": gettext_noop(
        "a note gives another page than the one that its reference stands on"
    ),
    "characters-normalised": gettext_noop(
        "many characters of one kind that plain ones replace: ligatures, kinds of hyphen"
    ),
    "odd-spaces": gettext_noop(
        "white space of other kinds (tabs, no-break spaces, line ends inside a line) is read as spaces"
    ),
    "unseen-signs": gettext_noop("controls, signs of width zero and of writing direction were taken out"),
    "typists-two-spaces": gettext_noop("a typist put two spaces after stops, and one is kept"),
    "justified-lines": gettext_noop("lines were filled up with blanks between words, and one is kept"),
    "encoded-twice": gettext_noop("characters were read in the wrong encoding once and saved: “Ã©” for “é”"),
    "ends-in-mid-sentence": gettext_noop(
        "a witness ends inside a sentence or a word, and no other goes on from it"
    ),
    "hyphenated-as-printed": gettext_noop(
        "the lines end with hyphens of a printer, so words at the ends of lines are joined"
    ),
    "line-without-end": gettext_noop(
        "a line of many thousand characters, in which nothing tells paragraphs apart"
    ),
    "section-break": gettext_noop("asterisks part the text where no heading stands: kept as forme work"),
    "table-as-it-stands": gettext_noop("a table whose columns are kept as the witness has them"),
    # The judgement of the reading as a whole; its limits are in stages/judge_reading/limits.py.
    "layout-lost": gettext_noop(
        "files have neither blank lines nor indents, by which paragraphs and headings are told apart"
    ),
    "no-blank-lines": gettext_noop(
        "files have no blank lines, by which quotations and headings are told apart"
    ),
    "no-indents": gettext_noop("files have no indents, by which paragraphs are told apart"),
    "no-trailing-spaces": gettext_noop(
        "files have no spaces at the ends of lines, by which turns of pages are told apart"
    ),
    "one-case": gettext_noop("the text is all capitals, or all small letters"),
    "markup-in-text": gettext_noop("the text holds tags of HTML, or commands of another markup language"),
    "other-script": gettext_noop(
        "most letters belong to a script in which the volume's language is not written"
    ),
    "garbled-letters": gettext_noop("characters of the text are garbled, or could not be read"),
    "little-prose": gettext_noop("most of the text is tables, figures and signs"),
    "lines-broken-early": gettext_noop(
        "lines within paragraphs end although the next word would have fitted, as in verse"
    ),
    "prose-outside-text": gettext_noop("prose was set aside as title block, contents or running lines"),
    "much-outside-text": gettext_noop(
        "much of the files was set aside as title block, contents or running lines"
    ),
    "text-in-key": gettext_noop("entries of the key are as long as paragraphs"),
    "unread-key": gettext_noop("a heading stands over a key, and no row of it was read"),
    "mostly-key": gettext_noop("most of the files was read as a key"),
    "long-heading": gettext_noop("a heading is as long as a paragraph"),
    "text-in-headings": gettext_noop("much of the text was read as headings"),
    "text-without-heading": gettext_noop("most of the text stands under no heading"),
    "heading-without-text": gettext_noop("divisions have a heading and no text"),
    "division-of-one-line": gettext_noop("divisions have no more than a line of text"),
    "numbers-of-headings-missing": gettext_noop("numbers are missing in the series of headings"),
    "contents-not-found": gettext_noop("entries of the contents list stand nowhere as a heading"),
    "paragraph-begins-small": gettext_noop("paragraphs begin with a small letter"),
    "paragraph-without-end": gettext_noop("paragraphs end without a stop"),
    "headings-in-text": gettext_noop("paragraphs are a few words without a stop, like headings"),
    "entries-in-text": gettext_noop(
        "paragraphs end with figures, like entries of an index without a heading"
    ),
    "endless-paragraph": gettext_noop("paragraphs are as long as chapters"),
    "short-paragraphs": gettext_noop("many paragraphs have no more than a line, and end no sentence"),
    "no-notes": gettext_noop("many notes are called, and none was found"),
    "note-without-call": gettext_noop("most notes are called nowhere"),
    "note-without-number": gettext_noop("most notes have no number"),
    "note-numbered-twice": gettext_noop(
        "many notes have a number that another note of their division has already"
    ),
    "notes-run-together": gettext_noop(
        "notes without a number hold paragraphs that begin with rising numbers"
    ),
    "note-without-body": gettext_noop("notes have a number and no text"),
    "endless-note": gettext_noop("notes are as long as chapters"),
    "unread-notes": gettext_noop("lines begin with numbers that the text calls, and were not read as notes"),
    "pages-of-notes-in-text": gettext_noop("paragraphs of the text end with a page in brackets, as notes do"),
    "unread-calls": gettext_noop("signs in the text look like calls of notes, and were not read as calls"),
    "calls-begin-anew": gettext_noop("the calls of notes begin anew within a division"),
    "impossible-page": gettext_noop("pages have more text than a page can hold"),
    "pages-step-back": gettext_noop("pages begin before the page that they follow"),
}
CUT_OFF = gettext_noop("the page ends in the middle of a tag: it was cut off; get it again.")
WITHOUT_END = gettext_noop(
    "the page does not say where it ends (</html>), as if it was cut off; compare its end."
)
# The messages of diagnostics about a place. Where one could be read as another, it stands first.
MESSAGES = {
    "left-out": (gettext_noop("characters of the file that are no text were left out: %(kinds)s."),),
    "page-cut-off": (CUT_OFF, WITHOUT_END),
    "encoding-contradicted": (
        gettext_noop("the page declares %(declared)s, but its bytes are utf-8: read as utf-8."),
        gettext_noop(
            "the page declares %(declared)s, which its bytes are not: read as %(usual)s, as the "
            "manifest says."
        ),
    ),
    "letters-of-a-font": (
        gettext_noop(
            "the font %(font)s does not say which letters %(count)s of its signs show; the words "
            "show %(letters)s, and %(lost)s places stay open."
        ),
        gettext_noop(
            "the font %(font)s does not say which letters %(count)s of its signs show; the words "
            "show %(letters)s."
        ),
        gettext_noop(
            "the font %(font)s shows “%(letter)s” in %(count)s words that are none, of %(of)s: it "
            "may stand for other letters too; compare a few of them with the page."
        ),
    ),
    "link-contradicted": (
        gettext_noop("the link of call %(n)s leads to note %(note)s: compare which of them is meant."),
    ),
    "page-name-contradicted": (
        gettext_noop(
            "the mark says page %(page)s, and its name says page %(named)s: compare which is right."
        ),
        gettext_noop("the page's head or foot says page %(page)s, and the marks in its text say %(marked)s."),
    ),
    "lost-letter-unread": (
        gettext_noop("“%(token)s” has lost a letter, and it cannot be told which; read it in the source."),
    ),
    "lost-letter-doubtful": (
        gettext_noop(
            "%(count)s words may have lost a letter that left no sign, and are kept as they stand, "
            "because each can be read in more than one way: %(tokens)s."
        ),
    ),
    "text-before-first-division": (
        gettext_noop("“%(begins)s” stands before the first heading and is kept as forme work."),
    ),
    "untitled-text": (
        gettext_noop(
            "“%(begins)s” stands before the first heading: %(number)s blocks are kept as front "
            "matter without a title. Give it one in the chapter, or name its heading in the manifest."
        ),
    ),
    "title-block-doubtful": (
        gettext_noop("“%(begins)s” at the beginning of a file is read as a title, and shown in no text."),
    ),
    "division-moved": (
        gettext_noop("“%(head)s” stood out of the order of its pages and was put in its place."),
    ),
    "note-duplicate": (gettext_noop("note %(n)s is there already."),),
    "notes-renumbered": (
        gettext_noop(
            "the numbers of the notes begin again in this chapter: here they count through it, and "
            "each note keeps its printed number."
        ),
    ),
    "note-out-of-order": (gettext_noop("note %(n)s stands after note %(last)s."),),
    "note-never-called": (gettext_noop("no reference calls note %(n)s."),),
    "note-fragment": (gettext_noop("this piece of a note has no number of its own."),),
    "reference-out-of-order": (gettext_noop("note %(n)s is called after note %(last)s."),),
    "note-inferred": (
        gettext_noop(
            "this piece of a note has no number of its own; only note %(n)s fits by order and page."
        ),
    ),
    "note-numbered": (
        gettext_noop("this piece of a note has no number of its own; “%(name)s” has it in note %(n)s."),
    ),
    "second-witness-doubtful": (gettext_noop("“%(name)s”: %(doubt)s."),),
    "page-attested": (
        gettext_noop("page %(page)s begins here: “%(name)s” marks it, and ours let it only be inferred."),
    ),
    "key-row-supplied": (gettext_noop("the key of “%(name)s” has a row “%(headword)s”; ours lack it."),),
    "second-witness-key": (
        gettext_noop("the key of “%(name)s” has a row “%(headword)s”; it was left out: %(reason)s."),
    ),
    "second-witness-heading": (
        gettext_noop("“%(name)s” has the heading before this text as “%(reads)s”."),
        gettext_noop("“%(name)s” has a heading before this text that ours lacks: “%(head)s”."),
    ),
    "second-witness-longer": (
        gettext_noop(
            "“%(name)s” has %(number)s paragraphs more here (%(count)s words), from “%(begins)s” on."
        ),
    ),
    "second-witness-lacks": (
        gettext_noop("“%(name)s” lacks %(texts)s (%(count)s words), from “%(begins)s” on."),
    ),
    "call-doubtful": (
        gettext_noop("%(n)s stands in brackets and out of order; it is kept as text, and calls no note."),
        gettext_noop(
            "“%(sign)s” stands where a note could be called, and no note begins with it; it is kept as text."
        ),
    ),
    "gap": (
        gettext_noop("note %(n)s (printed as %(mark)s) is called and is not there."),
        gettext_noop("note %(n)s is called and is not there."),
    ),
    "key-see-nowhere": (gettext_noop("“%(headword)s” sends to “%(see)s”, which is no entry."),),
    "key-see-loop": (gettext_noop("“%(headword)s” sends the reader round in a circle."),),
    "files-out-of-order": (
        gettext_noop(
            "the files stand in another order than the book; they are read as %(files)s. Name them "
            "in this order in the manifest."
        ),
    ),
    "file-missing": (
        gettext_noop("no file has %(missing)s: look for a file between %(file)s and %(next)s."),
    ),
    "overlap": (gettext_noop("%(number)s lines repeat the end of %(file)s."),),
    "contents-disagree": (
        gettext_noop("the contents list gives page %(given)s; it begins on page %(page)s."),
    ),
    "declared-nowhere": (
        gettext_noop("the manifest declares headings of the form “%(form)s”, and there is none."),
        gettext_noop("the manifest gives a page for “%(heading)s”, which is not there."),
        gettext_noop("the manifest's order names “%(ordered)s”, which is not there."),
        gettext_noop(
            "the manifest's order names “%(piece)s”, which is a piece of a chapter and stays in it."
        ),
    ),
    "key-repeated": (
        gettext_noop("“%(headword)s” is explained again in other words: the first explanation is kept."),
    ),
    "forme-work-doubtful": (
        gettext_noop("“%(words)s” looks like a line that a browser prints, and is kept as text."),
    ),
    "marker-doubtful": (
        gettext_noop(
            "%(number)s numbers in brackets may mark pages, but do not rise with the others; the "
            "first stands in “%(words)s”. They are kept as text."
        ),
    ),
    "heading-missing": (
        gettext_noop(
            "%(division)s follows %(above)s: %(run)s is not there, or its heading was not read; "
            "declare its form in the manifest, or look for it in the text before."
        ),
    ),
    "pages-missing": (
        gettext_noop(
            "%(number)s pages are missing before page %(page)s: they are not in the witnesses "
            "(notes, a file), or the page of “%(head)s” is wrong."
        ),
    ),
    "page-repeated": (gettext_noop("the marker of page %(page)s stands on line %(line)s too."),),
    "page-contradicted": (
        gettext_noop("%(far)s; no page of that number is near."),
        gettext_noop("%(evidence)s (one wrong figure: %(wrong)s for %(right)s?)."),
        gettext_noop("the marker stands outside the text and says page %(page)s, which begins in the text."),
        gettext_noop("%(evidence)s."),
    ),
    "note-page-disagrees": (
        gettext_noop(
            "a note gives page %(given)s; its reference stands on page %(page)s (one wrong figure: "
            "%(wrong)s for %(right)s?)."
        ),
        gettext_noop("a note gives page %(given)s; its reference stands on page %(page)s."),
        gettext_noop(
            "a note that nothing calls gives page %(given)s; its chapter has pages %(first)s to %(last)s."
        ),
    ),
    "characters-normalised": (
        gettext_noop("%(count)s %(change)s; the first is “%(before)s”, read as “%(after)s”."),
    ),
    "odd-spaces": (gettext_noop("these characters are read as spaces: %(characters)s."),),
    "unseen-signs": (
        gettext_noop(
            "signs that nobody sees were taken out: %(marks)s. A byte order mark inside a file tells "
            "that files were joined there."
        ),
        gettext_noop("signs that nobody sees were taken out: %(characters)s."),
    ),
    "typists-two-spaces": (
        gettext_noop("two spaces stand after %(count)s stops, as a typist sets them; one is kept."),
    ),
    "justified-lines": (
        gettext_noop(
            "further blanks stand between words in %(count)s places, as in justified lines; one is kept."
        ),
    ),
    "encoded-twice": (
        gettext_noop(
            "%(count)s characters were encoded twice, such as “%(reading)s” for “%(was)s”: get the "
            "file again, or save it in the encoding that it was read in and read that as UTF-8."
        ),
    ),
    "ends-in-mid-sentence": (
        gettext_noop(
            "the witness ends inside a word (“… %(word)s”), and no other goes on from it: it was cut "
            "off, or a witness is missing."
        ),
        gettext_noop(
            "the witness ends inside a sentence (“… %(sentence)s”), and no other goes on from it: it "
            "was cut off, or a witness is missing."
        ),
    ),
    "hyphenated-as-printed": (
        gettext_noop(
            "%(count)s lines end inside a word, as a printer ends them: words are joined at the ends "
            "of lines."
        ),
    ),
    "line-without-end": (
        gettext_noop(
            "the line has %(count)s characters and was never broken, so nothing tells its paragraphs "
            "apart; get the text with its line ends."
        ),
    ),
    "section-break": (
        gettext_noop(
            "“%(sign)s” parts the text without a heading (lines %(lines)s and %(more)s more): kept "
            "as forme work; make a heading there if the book has one."
        ),
        gettext_noop(
            "“%(sign)s” parts the text without a heading (lines %(lines)s): kept as forme work; make "
            "a heading there if the book has one."
        ),
    ),
    "table-as-it-stands": (
        gettext_noop(
            "the table at “%(begins)s” is kept as a paragraph: its columns do not stand side by side."
        ),
        gettext_noop("the table at “%(begins)s” keeps its lines: %(why)s."),
    ),
}
# What is said of a reading as a whole, `count` of `of`: a part of a sentence.
FINDINGS = {
    "layout-lost": gettext_noop(
        "%(count)s of %(of)s lines stand in files that have neither blank lines nor indents"
    ),
    "no-blank-lines": gettext_noop("%(count)s of %(of)s lines stand in files that have no blank lines"),
    "no-indents": gettext_noop("%(count)s of %(of)s lines stand in files that have no indents"),
    "no-trailing-spaces": gettext_noop(
        "%(count)s of %(of)s lines stand in files without spaces at the ends of lines"
    ),
    "one-case": gettext_noop("about %(count)s of %(of)s letters are of one case"),
    "markup-in-text": gettext_noop(
        "%(count)s tags or commands of a markup language stand in %(of)s lines of text"
    ),
    "other-script": gettext_noop(
        "about %(count)s of %(of)s letters belong to a script in which the volume's language is not written"
    ),
    "garbled-letters": gettext_noop(
        "%(count)s of %(of)s characters of the text are garbled or could not be read"
    ),
    "little-prose": gettext_noop(
        "%(count)s of %(of)s characters stand in tables, or in paragraphs with more figures and "
        "signs than words"
    ),
    "lines-broken-early": gettext_noop(
        "%(count)s of %(of)s lines within paragraphs end although the next word would have fitted"
    ),
    "prose-outside-text": gettext_noop(
        "%(count)s characters of what looks like prose were set aside as title block, contents "
        "or running lines"
    ),
    "much-outside-text": gettext_noop(
        "%(count)s of %(of)s characters were set aside as title block, contents or running lines"
    ),
    "text-in-key": gettext_noop("%(count)s characters of the key stand in entries as long as a paragraph"),
    "unread-key": gettext_noop("%(count)s headings stand over a key, and none of its rows was read"),
    "mostly-key": gettext_noop("%(count)s of %(of)s characters were read as a key to abbreviations"),
    "long-heading": gettext_noop("%(count)s of %(of)s headings have more than a hundred words"),
    "text-in-headings": gettext_noop("%(count)s of %(of)s characters were read as headings"),
    "text-without-heading": gettext_noop("%(count)s of %(of)s characters of text stand under no heading"),
    "heading-without-text": gettext_noop("%(count)s of %(of)s divisions have a heading and no text"),
    "division-of-one-line": gettext_noop("%(count)s of %(of)s divisions have no more than a line of text"),
    "numbers-of-headings-missing": gettext_noop(
        "%(count)s numbers are missing in the series of %(of)s numbered headings"
    ),
    "contents-not-found": gettext_noop(
        "%(count)s of %(of)s entries of the contents list stand nowhere as a heading"
    ),
    "paragraph-begins-small": gettext_noop(
        "%(count)s of %(of)s paragraphs begin with a small letter, as if they went on"
    ),
    "paragraph-without-end": gettext_noop("%(count)s of %(of)s paragraphs end without a stop"),
    "headings-in-text": gettext_noop(
        "%(count)s of %(of)s paragraphs are a few words without a stop, between two others, like headings"
    ),
    "entries-in-text": gettext_noop(
        "%(count)s of %(of)s paragraphs follow each other and end with figures, like entries of an index"
    ),
    "endless-paragraph": gettext_noop(
        "%(count)s of %(of)s characters of text stand in paragraphs of more than 2,000 words"
    ),
    "short-paragraphs": gettext_noop(
        "%(count)s of %(of)s paragraphs have no more than a line, and end no sentence"
    ),
    "no-notes": gettext_noop("%(count)s notes are called, and none of them was found"),
    "note-without-call": gettext_noop("%(count)s of %(of)s notes are called nowhere"),
    "note-without-number": gettext_noop("%(count)s of %(of)s notes have no number"),
    "note-numbered-twice": gettext_noop(
        "%(count)s of %(of)s notes have a number that another note of their division has already"
    ),
    "notes-run-together": gettext_noop(
        "%(count)s of %(of)s notes have no number, and paragraphs that begin with rising numbers"
    ),
    "note-without-body": gettext_noop("%(count)s of %(of)s notes have a number and no text"),
    "endless-note": gettext_noop(
        "%(count)s of %(of)s characters of notes stand in notes of more than 2,000 words"
    ),
    "unread-notes": gettext_noop(
        "%(count)s lines begin with rising numbers that the text calls, and were not read as notes"
    ),
    "pages-of-notes-in-text": gettext_noop(
        "%(count)s paragraphs of the text end with a page in brackets, as notes do"
    ),
    "unread-calls": gettext_noop(
        "%(count)s rising numbers or signs in the text look like calls of notes, and were not read as calls"
    ),
    "calls-begin-anew": gettext_noop(
        "the calls of notes begin anew with 1 within a division, so often: %(count)s"
    ),
    "impossible-page": gettext_noop("%(count)s of %(of)s pages have more text than a page can hold"),
    "pages-step-back": gettext_noop("%(count)s of %(of)s pages begin before the page that they follow"),
}
# What to try if this is a doubt, in sentences.
_LAYOUT = gettext_noop(
    "Take the text out of its source again so that blank lines and indents stay, as "
    "“pdftotext -layout” or a browser's “Save as text” does."
)
_HEADINGS = gettext_noop(
    "Look where it stands: if headings there were not recognised, declare the form of the "
    "headings in the manifest (“headings”)."
)
_LAYOUT_OR_HEADINGS = gettext_noop(
    "Take the text out of its source again so that blank lines and indents stay, as "
    "“pdftotext -layout” or a browser's “Save as text” does, or declare the form of the "
    "headings in the manifest (“headings”)."
)
_ANOTHER_TOOL = gettext_noop(
    "Take the text out of its source again with another tool, such as “pdftotext -layout” or pdfminer's."
)
_NOTES = gettext_noop(
    "Name the heading over the notes in the manifest (“notes_heading”), or take the text out "
    "of its source again."
)
REMEDIES = {
    "layout-lost": _LAYOUT,
    "no-blank-lines": _LAYOUT,
    "no-indents": _LAYOUT,
    "no-trailing-spaces": gettext_noop(
        "If this was printed by a browser, do not let an editor take the spaces at the ends of lines away."
    ),
    "one-case": gettext_noop(
        "Take the text out of its source again so that capitals and small letters stay."
    ),
    "markup-in-text": gettext_noop("This is the source of a page: open it in a browser and save it as text."),
    "other-script": gettext_noop(
        "Correct “language” or “encoding” in the manifest, or upload the right file."
    ),
    "garbled-letters": gettext_noop(
        "Correct “encoding” in the manifest. Take the text out of its source again with another "
        "tool, such as “pdftotext -layout” or pdfminer's."
    ),
    "little-prose": gettext_noop(
        "Check that this is the text of a book. If its tables lost their lines, take the text "
        "out again with “pdftotext -layout”."
    ),
    "lines-broken-early": gettext_noop(
        "This may be verse, a list or a table, which are read as prose. If it is prose: take the "
        "text out of its source again with another tool, such as “pdftotext -layout” or "
        "pdfminer's."
    ),
    "prose-outside-text": _HEADINGS,
    "much-outside-text": _HEADINGS,
    "text-in-key": gettext_noop("Name the heading over the key in the manifest (“key_heading”)."),
    "unread-key": gettext_noop(
        "Part headwords and definitions by two spaces, a colon or a tab; if the heading stands "
        "over text, name another one in the manifest (“key_heading”)."
    ),
    "mostly-key": gettext_noop(
        "Name the heading over the key in the manifest (“key_heading”). If this is a list or a "
        "table, it is no book."
    ),
    "long-heading": _LAYOUT_OR_HEADINGS,
    "text-in-headings": _LAYOUT_OR_HEADINGS,
    "text-without-heading": gettext_noop(
        "Declare the form of the headings in the manifest (“headings”), or take the text out of "
        "its source again."
    ),
    "heading-without-text": gettext_noop(
        "Look whether they are a contents list or a list; leave it out of the file, or declare "
        "the headings in the manifest (“headings”)."
    ),
    "division-of-one-line": gettext_noop(
        "Look whether they are items of a list or notes; declare the headings in the manifest (“headings”)."
    ),
    "numbers-of-headings-missing": gettext_noop(
        "Look for the headings with the numbers that are missing, and declare the form of the "
        "headings in the manifest (“headings”); or add the file that they stand in."
    ),
    "contents-not-found": gettext_noop(
        "Add the files that are missing to “witnesses”, or declare the form of the headings in "
        "the manifest (“headings”)."
    ),
    "paragraph-begins-small": _LAYOUT,
    "paragraph-without-end": _LAYOUT,
    "headings-in-text": gettext_noop(
        "If these are headings, declare the form of the headings in the manifest (“headings”); "
        "else accept the doubt."
    ),
    "entries-in-text": gettext_noop(
        "If this is an index or a bibliography, declare the form of the headings in the manifest "
        "(“headings”)."
    ),
    "endless-paragraph": _LAYOUT,
    "short-paragraphs": gettext_noop(
        "This may be verse, a list or a log. If it is prose: take the text out of its source "
        "again so that blank lines and indents stay, as “pdftotext -layout” or a browser's “Save "
        "as text” does."
    ),
    "no-notes": gettext_noop(
        "Add the file with the notes to “witnesses”, or name the heading over the notes in the "
        "manifest (“notes_heading”)."
    ),
    "note-without-call": gettext_noop(
        "Look at the form of the calls in the text, and whether all headings were read. If these "
        "are no notes, name the heading over the notes in the manifest (“notes_heading”)."
    ),
    "note-without-number": _ANOTHER_TOOL,
    "note-numbered-twice": gettext_noop(
        "Look before these notes for a heading that was not recognised, and declare the form of "
        "the headings in the manifest (“headings”)."
    ),
    "notes-run-together": gettext_noop(
        "Declare how the notes are numbered in the manifest (“notes”, and “calls” for the text)."
    ),
    "note-without-body": _ANOTHER_TOOL,
    "endless-note": gettext_noop(
        "Look where the text goes on after the notes, and declare the form of the headings in "
        "the manifest (“headings”)."
    ),
    "unread-notes": _NOTES,
    "pages-of-notes-in-text": _NOTES,
    "unread-calls": gettext_noop(
        "Take the text out of its source again with another tool, such as “pdftotext -layout” or "
        "pdfminer's; or leave the numbers as they are, and accept the doubt."
    ),
    "calls-begin-anew": gettext_noop(
        "Look at these places for a heading, and declare the form of the headings in the "
        "manifest (“headings”)."
    ),
    "impossible-page": gettext_noop(
        "Name the word before page numbers in the manifest (“page_word”), or pages of headings (“[pages]”)."
    ),
    "pages-step-back": gettext_noop(
        "Put the files in order in “witnesses”, or name the order of the divisions in the manifest (“order”)."
    ),
}
# What stands in a message in the place of a value.
LEFT_OUT = (
    gettext_noop("script"),
    gettext_noop("style"),
    gettext_noop("hidden element"),
    gettext_noop("words of the edition"),
    gettext_noop("links back"),
    gettext_noop("turned text"),
    gettext_noop("text in odd places"),
    gettext_noop("deleted text"),
    gettext_noop("hidden text"),
    gettext_noop("commands of fields"),
    gettext_noop("signs of a font of signs"),
    gettext_noop("parts of the file: %(type)s"),
)
REASONS_OF_ROWS = (
    gettext_noop("it may be a row of ours, read otherwise"),
    gettext_noop("the text does not use it"),
    gettext_noop("it sends to “%(see)s”, which is no entry"),
)
TEXTS = (
    gettext_noop("this note"),
    gettext_noop("this paragraph"),
    gettext_noop("%(number)s notes"),
    gettext_noop("%(number)s paragraphs"),
)
RUNS = (
    gettext_noop("chapter %(n)s"),
    gettext_noop("page %(n)s"),
    gettext_noop("part %(n)s"),
    gettext_noop("section %(n)s"),
    gettext_noop("subsection %(n)s"),
    gettext_noop("chapters %(first)s to %(last)s"),
    gettext_noop("pages %(first)s to %(last)s"),
    gettext_noop("parts %(first)s to %(last)s"),
    gettext_noop("sections %(first)s to %(last)s"),
    gettext_noop("subsections %(first)s to %(last)s"),
)
EVIDENCE = (
    gettext_noop("the marker says page %(marked)s; all other evidence says page %(page)s"),
    gettext_noop("the manifest says page %(declared)s, which cannot be; this is page %(page)s"),
    gettext_noop("the marker says that page %(marked)s begins here; its page begins elsewhere"),
)
CHANGES = (
    gettext_noop("ligatures are written as their letters"),
    gettext_noop("hyphens of another kind are written as plain ones"),
    gettext_noop("words have soft hyphens, which are taken out"),
    gettext_noop("letters stand apart from their accents, and are written as one character"),
    gettext_noop("words have controls for signs of cp1252, and are written with these signs"),
    gettext_noop("words have signs that nobody sees, which are taken out"),
)
REASONS_OF_TABLES = (
    gettext_noop("a cell holds a bar"),
    gettext_noop("its rows have lost the space between their columns"),
    gettext_noop("it has no rows of figures"),
    gettext_noop("too few rows have all columns"),
    gettext_noop("“%(words)s” lacks a cell, and nothing tells which"),
    gettext_noop("“%(words)s” stands under no column"),
    gettext_noop("the heading “%(words)s” stands over no single column"),
)

# By the names of the values: the messages that may stand there.
PARTS = {
    "kinds": (gettext_noop("%(what)s (%(number)s)"),),
    "what": LEFT_OUT,
    "remark": (*MESSAGES["page-cut-off"], *MESSAGES["encoding-contradicted"]),
    "font": (gettext_noop("without a name"),),
    "letters": (gettext_noop("none"), gettext_noop("%(sign)s (%(times)s times)")),
    "tokens": (gettext_noop("“%(token)s” (line %(line)s)"),),
    "doubt": tuple(FINDINGS.values()),
    "reason": REASONS_OF_ROWS,
    "texts": TEXTS,
    "files": (gettext_noop("%(name)s (pages %(range)s)"), gettext_noop("%(name)s (chapters %(range)s)")),
    "range": (gettext_noop("%(first)s to %(last)s"),),
    "missing": (gettext_noop("%(run)s and %(other)s"), *RUNS),
    "run": RUNS,
    "other": RUNS,
    "division": RUNS,
    "above": RUNS,
    "evidence": EVIDENCE,
    "far": EVIDENCE,
    "change": CHANGES,
    "characters": (gettext_noop("%(character)s (%(number)s)"),),
    "marks": (gettext_noop("%(character)s (%(number)s)"),),
    "character": (gettext_noop("tab"), gettext_noop("vertical tab"), gettext_noop("next line")),
    "why": REASONS_OF_TABLES,
}
# The values of which several may stand there, parted by commas.
LISTED = frozenset({"kinds", "letters", "tokens", "files", "characters", "marks"})
# The values that are numbers of things, with commas between thousands.
NUMBERS = frozenset({"count", "of", "number", "times", "lost"})
# The values that are words of the text.
WORDS = frozenset(
    {
        "begins",
        "token",
        "head",
        "headword",
        "see",
        "reads",
        "heading",
        "ordered",
        "piece",
        "words",
        "word",
        "sentence",
        "before",
        "after",
        "sign",
    }
)


def said(code: str, **values: object) -> str:
    """The message of a code that has these values, in English, as it is kept."""
    return filled(MESSAGES[code], **values)


def filled(messages: Iterable[str], **values: object) -> str:
    """The message that has these values, with them."""
    for message in messages:
        if set(re.findall(r"%\((\w+)\)s", message)) == values.keys():
            return message % values
    raise ValueError(f"No message has exactly the values {', '.join(values)}.")
