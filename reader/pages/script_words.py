"""The words that scripts and style sheets show, in English: `say("…")` in a script looks for them in the page.

A page in another language has them in that language (`{% script_words %}`), an English page has none.
"""

from django.utils.translation import gettext_noop

# Of the scripts of readers' pages.
OF_READERS = (
    gettext_noop("%(found)s of %(marks)s"),
    gettext_noop("%(marks)s brought back"),
    gettext_noop("; %(n)s left out, because they name no words of a text"),
    gettext_noop("%(n)s mark"),
    gettext_noop("%(n)s marks"),
    gettext_noop(", %(n)s were here already"),
    gettext_noop(": %(name)s"),
    gettext_noop("A link that marks these words"),
    gettext_noop("A note of your own"),
    gettext_noop("All marks were taken away."),
    gettext_noop("All your marks"),
    gettext_noop("An inferred page"),
    gettext_noop("Cite"),
    gettext_noop("Cite the selected words"),
    gettext_noop("Cite the selection"),
    gettext_noop("Close"),
    gettext_noop("Copied"),
    gettext_noop("Copied."),
    gettext_noop("Copy the link"),
    gettext_noop("Copy words and citation"),
    gettext_noop("Correct"),
    gettext_noop("Correct %(name)s"),
    gettext_noop("Found again: %(marks)s."),
    gettext_noop("Found again: the text has these words."),
    gettext_noop("Glossary entry"),
    gettext_noop("Go there"),
    gettext_noop("Kept in this browser alone; nothing is sent."),
    gettext_noop("Lost: seen on %(day)s, the text has these words no more."),
    gettext_noop("Mark it"),
    gettext_noop("note %(n)s"),
    gettext_noop("paragraph %(n)s"),
    gettext_noop("Nothing was marked: the archive does not answer. Try again."),
    gettext_noop("Of no text of this archive: %(marks)s."),
    gettext_noop("Open it"),
    gettext_noop("Opening page %(n)s of %(all)s…"),
    gettext_noop("p. %(page)s"),
    gettext_noop("Pages that could not be opened: %(n)s. Look again later."),
    gettext_noop("paragraph"),
    gettext_noop("piece of a note"),
    gettext_noop("Pin"),
    gettext_noop("pin"),
    gettext_noop("Save"),
    gettext_noop("Selected"),
    gettext_noop("Style"),
    gettext_noop("Take away"),
    gettext_noop("Take away: %(words)s"),
    gettext_noop("Take the mark away"),
    gettext_noop("The citation could not be fetched."),
    gettext_noop("The clipboard is closed to this page: what is selected can be copied by hand."),
    gettext_noop("The mark was taken away."),
    gettext_noop("The page is inferred."),
    gettext_noop("The paragraph’s own page has it."),
    gettext_noop("The text could not be searched: look again later."),
    gettext_noop("The text has the words of all marks."),
    gettext_noop("The text was corrected since: the marked words read otherwise now."),
    gettext_noop("The text was corrected, and has these words no more."),
    gettext_noop("This browser has no room for these marks, or keeps nothing for this page."),
    gettext_noop("This browser keeps nothing for this page."),
    gettext_noop("This browser keeps nothing for this page: nothing was saved."),
    gettext_noop("this heading"),
    gettext_noop(
        "This is no file of marks: choose one that was taken from here, or another of Web Annotations."
    ),
    gettext_noop("this piece of a note"),
    gettext_noop("this term"),
    gettext_noop("Without their words: %(marks)s."),
    gettext_noop("Your mark"),
    gettext_noop("Your mark on “%(words)s”"),
    gettext_noop("Your mark on “%(words)s” has lost its words: this note was corrected."),
    gettext_noop("Your mark on “%(words)s” has lost its words: this paragraph was corrected."),
    gettext_noop("Your mark on “%(words)s”: %(note)s"),
)
# Of the scripts of the admin.
OF_CORRECTORS = (
    gettext_noop("%(verb)s these %(n)s"),
    gettext_noop("%(verb)s this one"),
    gettext_noop("log in again"),
    gettext_noop(
        "Nothing was done: the archive did not answer as it should. What you typed is kept: try again."
    ),
    gettext_noop("Nothing was done: you are not logged in any more. What you typed is kept: %(way)s."),
    gettext_noop("Nothing was saved. What you typed is kept: Edit offers it again."),
    gettext_noop("Put it back"),
    gettext_noop("Put right in the %(n)s ticked place"),
    gettext_noop("Put right in the %(n)s ticked places"),
    gettext_noop("Throw it away"),
    gettext_noop("What you typed here earlier was not saved."),
)
# In style sheets, which say them in each language (`--explained` in text.css).
OF_STYLES = (gettext_noop(", explained"),)
