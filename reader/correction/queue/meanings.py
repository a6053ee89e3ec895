"""The meanings of the codes of diagnostics, whose messages are kept in English."""

from django.utils.translation import gettext_noop

# As corpus_import/parsing/diagnostics.py has them.
MEANINGS = {
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
