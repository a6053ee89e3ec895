"""How hands call notes, and how they set them."""

# ruff: noqa: E501  # pieces of markup are easier to read whole

from html import escape

from tests.web_pages.hands import Hand

FILE_OF_NOTES = "notes.htm"
_MSO_MARK = (
    "<span class=MsoFootnoteReference><span style='mso-special-character:footnote'><![if !supportFootnotes]>"
    "<span class=MsoFootnoteReference><span lang=EN-GB style='font-size:10.0pt;mso-ansi-language:EN-GB'>[{n}]</span>"
    "</span><![endif]></span></span>"
)


def call(hand: Hand, n: str, key: str) -> str:
    """What calls note `n`; `key` is the name of the note's anchor without what the hand puts before it."""
    file = FILE_OF_NOTES if hand.where == "file" else ""
    match hand.call:
        case "raised":
            return f"<sup>{n}</sup>"
        case "raised link":
            return f'<a href="{file}#fn{key}" class="footnote-ref" id="fnref{key}" role="doc-noteref"><sup>{n}</sup></a>'
        case "link":
            return f'<a name="fnref{key}" href="{file}#fn{key}">[{n}]</a>'
        case "mso":
            return (
                f'<a style=\'mso-footnote-id:ftn{key}\' href="#_ftn{key}" name="_ftnref{key}" title="">'
                f"{_MSO_MARK.format(n=n)}</a>"
            )
        case "wiki":
            return (
                f'<sup id="cite_ref-{key}" class="reference"><a href="#cite_note-{key}"><span class="cite-bracket">'
                f'&#91;</span>{n}<span class="cite-bracket">&#93;</span></a></sup>'
            )
        case "fnanchor":
            return f'<a name="FNanchor_{key}" id="FNanchor_{key}"></a><a href="#Footnote_{key}" class="fnanchor">[{n}]</a>'
    return f"[{n}]"


def heading(hand: Hand) -> str:
    """What stands over notes; nothing with hands that set each in a box."""
    match hand.notes:
        case "boxes" | "aside":
            return ""
        case "mso":
            return "<div style='mso-element:footnote-list'><![if !supportFootnotes]><br clear=all><hr align=left size=1>"
        case "list":
            return '<section class="footnotes footnotes-end-of-document" role="doc-endnotes"><hr />'
        case "wiki":
            return '<div class="mw-heading"><h4 id="Notes">Notes</h4><span class="mw-editsection">[edit]</span></div>'
    if hand.heading == "tags":
        return "<h4>Notes</h4>"
    return "<p><b>Notes</b></p>" if hand.notes != "breaks" else "<hr><b>Notes</b><br><br>"


def begin_and_end(hand: Hand) -> tuple[str, str]:
    """What opens and closes a row of notes."""
    return {
        "table": ('<table class="notes" border=0>', "</table>"),
        "list": ("<ol>", "</ol></section>"),
        "wiki": ('<div class="reflist"><ol class="references">', "</ol></div>"),
        "dl": ("<dl>", "</dl>"),
        "mso": ("", "</div>"),
        "breaks": ("", "<p>"),
    }.get(hand.notes, ("", ""))


def note(hand: Hand, n: int, key: str, parts: list[str]) -> str:
    """A note; `parts` are its paragraphs and the markers of pages inside, as they stand in the page."""
    first, *rest = parts
    back = (
        f'<a href="#fnref{key}" class="footnote-back" role="doc-backlink">↩︎</a>'
        if hand.back == "arrow"
        else ""
    )
    number = f"{n}."
    if hand.back == "number":
        file = "book.htm" if hand.where == "file" else ""
        number = f'<a name="fn{key}" href="{file}#fnref{key}">{n}.</a>'
    elif hand.call in ("link", "raised link"):
        number = f'<a name="fn{key}"></a>{n}.'
    match hand.notes:
        case "table":
            body = f"<div>{first}</div>" + "".join(
                f"<div>&nbsp;&nbsp;&nbsp;&nbsp;{part}</div>" for part in rest
            )
            return f'<tr><td valign="top">{number}</td><td>{body}</td></tr>'
        case "list":
            paragraphs = [first, *rest]
            paragraphs[-1] += back
            return f'<li id="fn{key}">' + "".join(f"<p>{part}</p>" for part in paragraphs) + "</li>"
        case "aside":
            body = "".join(f"<p>{part}</p>" for part in [f"{n}. {first}", *rest])
            return f'<aside id="fn{key}" epub:type="footnote" role="doc-footnote">{body}</aside>'
        case "wiki":
            body = first + "".join(f"<p>{part}</p>" for part in rest)
            return (
                f'<li id="cite_note-{key}"><span class="mw-cite-backlink"><a href="#cite_ref-{key}" aria-label="Jump up"'
                f'>↑</a></span> <span class="reference-text">{body}</span></li>'
            )
        case "dl":
            body = first + "".join(f"<p>{part}</p>" for part in rest)
            return f"<dt>{number.replace('.', '')}</dt><dd>{body}</dd>"
        case "boxes":
            mark = f'<a name="Footnote_{key}" id="Footnote_{key}"></a><a href="#FNanchor_{key}"><span class="label">[{n}]</span></a>'
            body = "".join(f"<p>{part}</p>" for part in [f"{mark} {first}", *rest])
            return f'<div class="footnote">{body}</div>'
        case "mso":
            mark = f'<a style=\'mso-footnote-id:ftn{key}\' href="#_ftnref{key}" name="_ftn{key}" title="">{_MSO_MARK.format(n=n)}</a>'
            body = "".join(
                f"<p class=MsoFootnoteText><span lang=EN-GB>{part}<o:p></o:p></span></p>"
                for part in [f"{mark} {first}", *rest]
            )
            return f"<div style='mso-element:footnote' id=ftn{escape(key)}>{body}</div>"
        case "breaks":
            return f"{number} {first}<br>" + "".join(f"&nbsp;&nbsp;&nbsp;&nbsp;{part}<br>" for part in rest)
    return f'<p class="endnote">{number} {first}</p>' + "".join(
        f'<p class="endnote">{part}</p>' for part in rest
    )
