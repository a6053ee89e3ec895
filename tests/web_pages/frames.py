"""What sites put around a text: menus, headers, footers. None of it belongs to the book."""

# ruff: noqa: E501  # pieces of markup are easier to read whole

from html import escape

from tests.web_pages.hands import Hand

_LINKS = ("Home", "Library", "Authors", "Search", "Contact")


def around(hand: Hand, title: str) -> tuple[str, str]:
    """What stands before and after the text."""
    title = escape(title)
    menu = " | ".join(f'<a href="{name.lower()}.htm">{name}</a>' for name in _LINKS)
    match hand.frame:
        case "menu":
            items = "".join(f'<li><a href="{name.lower()}.htm">{name}</a></li>' for name in _LINKS)
            script = "<script>document.write('<p>Loading</p>'); if (1 < 2) { }</script>"
            if hand.tags in ("capitals", "unclosed"):
                return (
                    f"<table width=100% class=nav><tr><td>{menu}</td></tr></table><!-- begin text -->{script}"
                    f"<h1>{title}</h1>",
                    f"<hr><p align=center>{menu}</p><p align=center><font size=1>This page was last updated on 3 May"
                    " 1999</font></p>",
                )
            return (
                f"<header><nav><ul>{items}</ul></nav><form action=search><input name=q><button>Go</button></form></header>"
                f"<template><p>Not shown</p></template>{script}<main><h1>{title}</h1>",
                f"</main><footer><p>{menu}</p><p>Copyright of this page: nobody, 2004.</p></footer>",
            )
        case "mia":
            return (
                f'<p class="title"><a href="../index.htm">{title} Archive</a></p><h1>{title}</h1><hr class="infotop">'
                '<p class="information"><span class="info">Source:</span> The book of 1930;<br><span class="info">'
                'Transcribed:</span> by hand.</p><hr class="infobot">',
                '<hr class="end"><p class="footer"><a href="../index.htm">Archive</a> | <a href="../../index.htm">Library'
                '</a></p><p class="updat">Last updated on 13 May 2004</p>',
            )
        case "wiki":
            return (
                f'<div class="mw-header"><h1 id="firstHeading">{title}</h1><div id="siteSub">From the free library</div></div>'
                '<table class="header-template"><tr><td><a href="/wiki/Before">← Before</a></td><td>by Nobody</td><td>'
                '<a href="/wiki/After">After →</a></td></tr></table><div class="mw-parser-output prp-pages-output" lang="en">',
                '</div><div id="catlinks"><a href="/wiki/Categories">Categories</a>: <ul><li><a href="/wiki/C1">Books of'
                ' 1930</a></li></ul></div><div id="mw-navigation"><ul><li><a href="/wiki/Main">Main page</a></li></ul></div>'
                "<footer><ul><li>This page was last edited on 13 May 2004, at 10:11.</li></ul></footer>",
            )
        case "gutenberg":
            return (
                f"<pre>The Project of Free Books: {title}\n\nThis eBook is for the use of anyone anywhere at no cost\n\n"
                f"Title: {title}\n\n*** START OF THIS FREE EBOOK {title.upper()} ***\n</pre><h1>{title}</h1>"
                '<p class="center">BY<br>NOBODY</p><hr style="width: 65%;" />',
                f"<hr><pre>End of {title}, by Nobody\n\n*** END OF THIS FREE EBOOK {title.upper()} ***\n\nUpdated editions"
                " will replace the previous one, and the old editions will be renamed.\n\nSection 1. General terms of use"
                "\n\n1.A. By reading or using any part of this electronic work, you indicate that you have read it.</pre>",
            )
        case "plain":
            lines = ("By the editors of this archive", "[Sections one to three]", "Transcribed by hand")
            return f"<h1>{title}</h1>" + "".join(f'<p align="center">{line}</p>' for line in lines), ""
    return "", ""
