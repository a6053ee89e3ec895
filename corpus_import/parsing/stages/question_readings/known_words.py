"""The words that the rules know, in tables: words parted by spaces, pairs with a colon between. English."""


def _words(table: str) -> tuple[str, ...]:
    return tuple(table.split())


def _pairs(table: str) -> tuple[tuple[str, str], ...]:
    """The pairs of a table; either may be empty."""
    return tuple((one, other) for one, _, other in (pair.partition(":") for pair in table.split()))


# Small words that two neighbours can show to be missing or superfluous.
SMALL = _words("""
    the of to a an in and is be that by for as with on was at from it were are not have has
""")

# Between a word and the same word again: `day to day`, `year by year`, `more and more`.
BETWEEN = frozenset(_words("to by and after in on upon for with or against"))

# Pronouns, prepositions and the like: the real words that a slip most often makes of another word.
CLOSED = frozenset(SMALL) | frozenset(
    _words("""
        he she we they them him her his their its our i you me us my then than there here where when
        what who whom which this these those or but if so too now no nor up out off over into onto upon
        though through while been being had do does did all any one how thus
    """)
)

# Small words that a slip may have broken.
SMALL_WORDS = CLOSED | frozenset(
    _words("from with into over under can may must will would more most some only also")
)

# Endings of English words, and their replacements.
SUFFIXES = _pairs("""
    s: es: ies:y ed: ed:e ing: ing:e ly: ness: less: er: ers: ist: ists: ism: ise:ize ises:izes
    ised:ized ising:izing isation:ization ization:ize ization: ized: izing: ize: ism:ist isms:ist
    ist:ism ally:al ity: ity:e ation:e ation:ate ment: ments: ship: hood: our:or ours:ors lled:led
    lling:ling able:
""")
PREFIXES = _words("""
    un non re de dis mis out over under pre post anti inter sub super semi counter trans ultra
    pseudo neo quasi micro macro
""")
# Words that also end other words.
ENDINGS = frozenset(
    _words("""
        ship hood like wise less able ness man men ward wards age ism fold ed ing ly
    """)
)
# Small words of other languages: the word after one is not English.
FOREIGN = frozenset(
    _words("""
        de la le les du des un une et est que qui ne pas il au aux dans pour sur avec
        von van der das dem den und ist nicht ein eine zu zur
        el los las del una por con della delle dei che
        ad ex ipso sine bona prima di ab cum pro quod
        na iz po dlya pri ob en es se si
    """)
)

# Pairs of words that are mistaken for each other, beside the words one edit away.
CONFUSED = _pairs("""
    then:their there:their than:then we:were by:be form:from casual:causal though:through
    though:thought through:thorough its:it's where:were whose:who's lead:led effect:affect
    principle:principal loose:lose too:to of:off martial:marital statue:statute quite:quiet
    angle:angel trail:trial unite:untie united:untied sacred:scared being:begin an:and a:as
""")
# Numbers, and what they are joined to with a hyphen: `nine-tenths`, `twenty-five`.
NUMBERS = frozenset(
    _words("""
        one two three four five six seven eight nine ten twenty thirty forty fifty sixty seventy eighty ninety
    """)
)
COUNTED = frozenset(
    _words("""
        half halves third thirds quarter quarters fourth fourths fifth fifths sixth sixths seventh sevenths
        eighth eighths ninth ninths tenth tenths hundredth hundredths first second one two three four five
        six seven eight nine
    """)
)
# Words of four letters or more that may have a point and go on: `per cent. of`.
ABBREVIATED = frozenset(_words("cent approx dept govt prof supra infra incl resp tons viz"))
# Words that always begin with a capital.
CAPITALIZED = frozenset(
    _words("""
        january february march april june july august september october november december
        monday tuesday wednesday thursday friday saturday sunday
    """)
)
# May stand twice in a row.
TWICE = frozenset(_words("had that very so many long more again ha no now bye is"))
# Tense and number are matters of grammar that pairs of words cannot judge.
SAME_FORM = frozenset(map(frozenset, _pairs("had:has these:those was:is these:this he:she she:he")))
# Words that may stand instead of each other between nearly any neighbours.
ALIKE = frozenset(
    map(
        frozenset,
        _pairs("""
            or:of as:a as:an as:is now:not them:the on:of here:there what:that any:an any:and his:this
            than:that so:to do:to they:the he:the she:the its:is
        """),
    )
)

PREPOSITIONS = frozenset(
    _words("""
        of in to for by on at from with into upon about under through between among during against within
        toward towards without
    """)
)
AUXILIARIES = frozenset(
    _words("""
        am is are was were be been do does did have has had can could will would shall should may might must need
        dare ought
    """)
)
# Verbs that may stand before another verb without *to*.
NO_TO = frozenset(_words("dare dared need needs help helps helped let make makes made go come try"))
# Words before a plural noun, and before a singular noun.
MANY = frozenset(
    _words("these those many several various numerous certain two three four five six seven eight nine ten")
)
ONE = frozenset(_words("this a an each every another"))
# Nouns that look like plurals and are singular, too.
ALSO_ONE = frozenset(
    _words(
        "works means news series species barracks headquarters crossroads ironworks politics economics statistics"
    )
)
# With one of these before it, `certain` speaks of one thing.
NOT_MANY = frozenset(
    _words("a an the this that any every no some with it so quite very almost make made making")
)

_COMPARED = (
    "more less rather other better worse greater larger smaller higher lower fewer later earlier older"
)
_BEFORE_FROM = (
    "away came come comes coming far apart arising derived derive suffer suffered free different aside taken drawn "
    "removed excluded obtained received resulted resulting separated departed"
)


def _frames(table: str) -> dict[str, list[tuple[frozenset[str], frozenset[str], str]]]:
    """Frames by their wrong word: the words that may stand before it, after it (or none), and the right word."""
    frames: dict[str, list[tuple[frozenset[str], frozenset[str], str]]] = {}
    for line in filter(None, map(str.strip, table.splitlines())):
        left, wrong, right, instead = map(str.strip, line.split("|"))
        frames.setdefault(wrong, []).append((frozenset(left.split()), frozenset(right.split()), instead))
    return frames


# Lines of: words before, not counting *not* | the wrong word | words after (`-ed`: any with this ending) | the right
# word.
_AFTER_THAN = (
    "the a an any those that it one his their its what all half two three four five six seven eight nine ten "
    "he she they we ever before usual"
)
FRAMES = _frames(f"""
    {_COMPARED} | then | {_AFTER_THAN} | than
    rather | then | | than
    {_BEFORE_FROM} | form | the a an this that these those its their his one all | from
    the a in this that their its | from | of which in | form
     | their | is was were are has had would | there
     | there | own respective | their
     | its | been a an the | it is
    could would should might must may can | of | been had not | have
    has have had | be | | been
    it he she which who that | as | been | has
    can could will would shall should may might must to | by | -ed able made done given taken seen said | be
    is was were are been be | form | the a an this that these those its | from
    can could would should they we | is | | be
    can could would should | was | | be
    can could would should | has | | have
    they we you | was | | were
    they we you | has | | have
    they we you | does | | do
    he she it | have | been | has
""")
