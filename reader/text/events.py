"""Congresses, decrees and plans with the dates that a text gives them. Pure.

    event    = meeting dated | act | plan
    meeting  = ordinal { capitalised word } ( "Congress" | "Conference" | "Plenum" ) [ "of" ( the words of its body ) ]
    dated    = "(" date ")" | [ "," ] [ "held" ] "in" date | "," date | "of" date
    act      = ( "decree" | "law" | "resolution" | "circular" | "order" ) ( "of" | "dated" ) date
    plan     = [ ordinal ] "Five-Year" "Plan" "(" years ")"
    date     = [ month [ day ] "," ] year | [ day ] month year | years

What has no year beside it is no event: the date is the text's own, never ours.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
_MONTH = "|".join(_MONTHS)
_YEAR = r"(?:1\d{3}|20\d{2})"
_DATE = (
    rf"(?P<date>(?:(?:(?P<month>{_MONTH})(?: (?P<day>\d{{1,2}})(?:[-–]\d{{1,2}})?)?,? )"
    rf"|(?:(?P<day_first>\d{{1,2}}) (?P<month_second>{_MONTH}),? ))?"
    rf"(?P<year>{_YEAR})(?:[-–](?:{_YEAR}|\d\d?))?)(?![\w%]|[.,:]\d)"
)
_ORDINAL = (
    r"(?:(?:Twenty|Thirty)-)?(?:First|Second|Third|Fourth|Fifth|Sixth|Seventh|Eighth|Ninth|Tenth|Eleventh|Twelfth"
    r"|Thirteenth|Fourteenth|Fifteenth|Sixteenth|Seventeenth|Eighteenth|Nineteenth|Twentieth)"
)
_BODY = r"(?: of (?:the )?(?:[A-Z][\w’'()-]*|soviets)(?:(?: of| and|) (?:the )?[A-Z][\w’'()-]*){0,4})?"
_MEETING = rf"(?P<name>{_ORDINAL}(?: [A-Z][\w’'()-]*){{0,3}} (?:Congress|Conference|Plenum){_BODY})"
_EVENT = re.compile(rf"{_MEETING}(?:,? (?:which was |was )?(?:held |opened )?(?:in|on) | \(|, | of ){_DATE}")
_ACT = re.compile(
    rf"\b(?P<name>[Dd]ecree|[Ll]aw|[Rr]esolution|[Cc]ircular|[Oo]rder),? (?:of|dated|issued on|passed on) {_DATE}"
)
_PLAN = re.compile(rf"(?P<name>(?:{_ORDINAL} )?Five-Year Plan),? \(?(?:for |of )?{_DATE}")
# Each pattern with words of which a text has one if the pattern is found in it: most texts have none.
_WITH_WORDS = (
    (("Congress", "Conference", "Plenum"), _EVENT),
    (("ecree", "law", "Law", "esolution", "ircular", "rder"), _ACT),
    (("Five-Year Plan",), _PLAN),
)


class Event(NamedTuple):
    """Characters `start` to `end` of a plain text: what it names, the date as it stands there, and the date's parts.

    Month and day are 0 if the text does not give them.
    """

    start: int
    end: int
    name: str
    date: str
    year: int
    month: int
    day: int


def events_in(plain: str) -> Iterator[Event]:
    """The events with dates that a plain text names, in its order."""
    found = [
        each
        for words, pattern in _WITH_WORDS
        if any(word in plain for word in words)
        for each in pattern.finditer(plain)
    ]
    for each in sorted(found, key=lambda match: match.start()):
        month = each["month"] or each["month_second"]
        name = each["name"]
        yield Event(
            each.start(),
            each.end("date"),
            name[0].upper() + name[1:],
            each["date"],
            int(each["year"]),
            _MONTHS.index(month) + 1 if month else 0,
            int(each["day"] or each["day_first"] or 0),
        )
