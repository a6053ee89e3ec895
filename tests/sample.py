"""The sample volume: an essay of our own, clean here, and broken by the typesetter in `fixtures/sample/`.

`python -m tests.sample --write` writes the witness anew. Nothing in it is finished by hand.
"""

from __future__ import annotations

import argparse
from functools import cache
from pathlib import Path

from tests.typesetter import Block, Division, Edition, Faults, KeyRow, Note, Truth, Typeset, typeset

FOLDER = Path(__file__).resolve().parent.parent / "fixtures" / "sample"
WITNESS = FOLDER / "file-1.txt"
MANIFEST = FOLDER / "volume.toml"

# The seed was chosen for a witness with every kind of trace; tests/test_typesetter.py checks this.
FAULTS = Faults.every(
    seed=23868,
    kept_markers=frozenset({8, 11, 16, 25}),
    kept_headers=frozenset({1, 5, 9}),
)


def prose(text: str) -> Block:
    """A paragraph."""
    return Block("prose", text)


def quote(text: str) -> Block:
    """A quotation with lines of its own."""
    return Block("quotation", text)


def resume(text: str) -> Block:
    """The rest of a sentence after a quotation inside."""
    return Block("continuation", text)


KEY = (
    KeyRow("CC", "Central Committee of the Party"),
    KeyRow("Chervonets", "Bank note issued from the end of 1922 on, equal to ten gold roubles"),
    KeyRow("CLD", see="STO"),
    KeyRow(
        "Glavk", "One of the chief directorates of the VSNKh, with a single branch of industry in its care"
    ),
    KeyRow("GOELRO", "State Commission for the Electrification of Russia"),
    KeyRow("Gosbank", "State Bank"),
    KeyRow("Gosplan", "State Planning Commission"),
    KeyRow(
        "Khozraschet", "Business accounting: an enterprise has to cover its expenses from its own receipts"
    ),
    KeyRow("Menshevik", "Member of the party that had parted from the Bolsheviks in 1903"),
    KeyRow("Narkomfin", "People's Commissariat of Finance"),
    KeyRow("NEP", "New Economic Policy"),
    KeyRow("NKF", see="Narkomfin"),
    KeyRow("OSVOK", "Special Conference for the Restoration of Fixed Capital, set up by the VSNKh in 1925"),
    KeyRow("Rabkrin", see="RKI"),
    KeyRow("RKI", "Workers' and Peasants' Inspection"),
    KeyRow(
        "Rouble",
        "The unit of the currency, of a hundred kopeks; what it was worth changed by the week until 1924",
    ),
    KeyRow("SNK", see="Sovnarkom"),
    KeyRow("Sovnarkhoz", "Council of the economy in a province or a region"),
    KeyRow("Sovnarkom", "Council of People's Commissars, that is, the government"),
    KeyRow("Sovznak", "Paper money of the first years, withdrawn in 1924"),
    KeyRow("STO", "Council of Labor and Defense"),
    KeyRow(
        "Trust", "A group of factories of one branch under a common management, working for its own account"
    ),
    KeyRow("TsSU", "Central Statistical Administration"),
    KeyRow("VSNKh", "Supreme Council of the National Economy"),
    KeyRow("VTsIK", "All-Russia Central Executive Committee of the soviets"),
    KeyRow("Zemstvo", "Elected council of a province or a district, abolished in 1918"),
)

PREFACE = Division(
    "front",
    "",
    "Preface",
    page=9,
    blocks=(
        prose(
            "This is a short essay on a long subject: how a government that had abolished the market by decree, and "
            "let it return by decree, taught itself to think of an economy as a whole. It was written by the editors "
            "of this archive, for this archive, and anybody may copy it.[^1]"
        ),
        prose(
            "It serves a second purpose. Before it is read here, its text is sent through the misfortunes that have "
            "befallen many books on their way to a screen: it is set as a web page, printed, taken out of the print "
            "again, and filtered by somebody in a hurry. Letters are lost, notes go astray, and this preface, which "
            "opens the book, arrives after the introduction. The archive has to put these things right, or to say "
            "plainly that it cannot."
        ),
        prose(
            "The facts are those of the common literature, and the notes say where more can be found. One witness is "
            "invented. The clerk who speaks in the quotations never lived; her recollections were composed for this "
            "volume, because a quotation has a shape of its own on the page, and a sample without one would be a "
            "poor sample. Nothing that she says is evidence of anything.[^2]"
        ),
        prose(
            "Names and titles are spelled as English readers found them in the books of the 1960s and 1970s. Years "
            "that are joined by a hyphen, such as 1923-1924, are economic years, which ran from October to "
            "September; they are the years in which the planners themselves did their sums."
        ),
    ),
    notes=(
        Note(
            1,
            (
                prose(
                    "On the terms of the program that it comes with, the MIT license. [*Transcriber's Note:* The "
                    "license stands beside the source code. -- ED]"
                ),
            ),
        ),
        Note(
            2,
            (
                prose(
                    "Her opinions are another matter, and some of them can be defended. She has been placed in the "
                    "registry of Gosplan, since a registry sees everything and is asked nothing. The editors have "
                    "her say of it:"
                ),
                quote(
                    "A paper that is wanted is on somebody's desk. A paper that is not wanted is with us. In nine "
                    "years I did not lose one, and I was thanked for it once, by a man who had come to the wrong "
                    "room."
                ),
                prose(
                    "No document of that kind is known to us. Real memoirs of the planning organs exist, but they "
                    "are few, and most of them were written by persons who had reason to be careful."
                ),
            ),
        ),
    ),
)

INTRODUCTION = Division(
    "front",
    "",
    "Introduction: an arithmetic of scarcity",
    page=11,
    blocks=(
        prose(
            "A plan is a promise made in numbers. To keep it three things are needed: somebody who may promise, "
            "somebody who can count, and something left over to dispose of. In the Russia of 1921 all three were in "
            "doubt. The state had won a civil war and lost a harvest; it owned the factories and could not feed the "
            "workers in them; it had inherited from the zemstvos a large and gifted school of statisticians, and "
            "could not say how many people lived on its territory.[^1]"
        ),
        prose(
            "Within eight years the same state had adopted a five-year plan that filled three printed volumes and "
            "fixed, or meant to fix, the affairs of a whole continent from its blast-furnaces to its village "
            "schools. What lay in between was not a straight road. It was an open-ended argument -- carried on in "
            "commissions, in journals, and across the desks of people who had often known each other in exile or at "
            "the university -- about what can be known of an economy, and what may be wanted from it.[^2]"
        ),
        prose(
            "Several organs took part in this argument, and their names return on every page that follows. The VSNKh "
            "managed industry. The Narkomfin guarded the budget and, with the Gosbank, the currency. The TsSU "
            "counted. The STO, which was a committee of Sovnarkom, decided; and Gosplan, which decided nothing, "
            "advised.[^3] The RKI inspected all of them. Behind each stood the CC, whose resolutions none could "
            "ignore, and which several had helped to draft."
        ),
        prose(
            "The decade should not be read backward, as if every table of figures had been a step toward 1929. Those "
            "who made the tables did not know what was coming. *The NEP was the condition of their work*, and not "
            "the obstacle to it: only what has a price can be added up.[^4] A clerk in the registry put it in her "
            "own way:"
        ),
        quote(
            "In the first winter we were asked for a plan, and had no paper. In the second we had the paper and no "
            "coal, so that the ink froze. In the third we had paper, coal and ink . . . and then they asked us for a "
            "plan that would come true,"
        ),
        resume(
            "which, she adds, was the only request that nobody in the building knew how to file. This essay is about "
            "the attempt to answer it."
        ),
    ),
    notes=(
        Note(1, (prose("The census of 1920 left out every region where there was fighting."),), missing=True),
        Note(2, (prose("The volumes were published by Gosplan in 1929."),), missing=True),
        Note(
            3,
            (
                prose(
                    "How these bodies stood to each other, on paper and in fact, is set out in E. H. Carr and R. W. "
                    "Davies, *Foundations of a Planned Economy, 1926-1929*, of which the first volume, in two parts, "
                    "remains the fullest account in English. For the years before, the reader has Carr's *Socialism "
                    "in One Country, 1924-1926*."
                ),
            ),
            number_lost=True,
        ),
        Note(4, (prose("The last chapter comes back to this point."),)),
    ),
)

PART_1 = Division(
    "part",
    "1",
    "Organs without a plan, from the revolution to the currency reform",
    page=14,
    blocks=(
        prose(
            "The first half of the story is about organs in search of a task. Between December 1917 and the end of "
            "1923 the Soviet government created nearly all the bodies that were later to plan the economy, and in "
            "those years none of them planned it. They rationed, requisitioned, repaired and reported. The idea of "
            "a single plan was there from the beginning.[^1] What was missing was a subject large enough to be "
            "planned, and calm enough to hold still."
        ),
    ),
    notes=(
        Note(
            1,
            (
                prose(
                    "It was discussed at the Ninth Party Congress, in the spring of 1920. Lenin disliked the looser "
                    'talk about it, and said so in an article of February 1921, "Integrated Economic Plan" '
                    "(*CW*, vol. 32)."
                ),
            ),
        ),
    ),
)

CHAPTER_1 = Division(
    "chapter",
    "1",
    "The machinery of an emergency, and the first plan of all",
    blocks=(
        prose(
            "A blockaded country at war does not plan; it chooses what to go without. The organs that the revolution "
            "created in its first winter were built for choices of this kind, and they kept the habit long after the "
            "occasion had passed."
        ),
    ),
    notes=(
        Note(
            1,
            (
                prose(
                    "*Vysshy sovet narodnogo khozyaistva*, the Supreme Council of the National Economy. Its chairmen "
                    "in the years of this essay were N. Osinsky, A. I. Rykov, P. A. Bogdanov, Rykov for a second "
                    "time, F. E. Dzerzhinsky (from February 1924 to his death in July 1926), and V. V. Kuibyshev."
                ),
            ),
        ),
        Note(2, (prose("See E. H. Carr, *The Bolshevik Revolution, 1917-1923*, vol. 2."),)),
        Note(
            3,
            (
                prose(
                    "The directorates were not altogether new. Several took over the offices, and with them a part "
                    "of the staff, of the committees through which the last Tsarist governments had tried to "
                    "regulate cotton, leather and metals during the World War. The clerk began in one of them:"
                ),
                quote(
                    "The brass plate of the old committee was still on the door. Somebody had pasted a sheet of "
                    "paper over the eagle, and somebody else had used the paper to write down the hours of business."
                ),
                prose(
                    "That much continuity is not peculiar to Russia. Every belligerent ended the war with an "
                    "economic administration which it had not possessed at the beginning, and most of them "
                    "dissolved it within two years."
                ),
                prose(
                    "What was peculiar was the intention to keep it, and to make out of an expedient of war the "
                    "ordinary form of economic life."
                ),
            ),
        ),
        Note(
            4,
            (
                prose(
                    "The report was printed for the delegates. It deals with eight regions, each with its fuels, its "
                    "rivers and its railways."
                ),
            ),
        ),
        Note(
            5,
            (
                prose(
                    "Lenin, *CW*, vol. 31 [*Transcriber's Note:* the report on the work of the Council of People's "
                    "Commissars, delivered on December 22, 1920. -- ED]. In the same speech stands the sentence "
                    "about Soviet power and electrification that was afterward painted on so many walls."
                ),
            ),
        ),
    ),
)

VSNKH = Division(
    "section",
    "I",
    "The VSNKh[^1]",
    blocks=(
        prose(
            "The council was set up in December 1917. Its founders expected it to be an economic counterpart of "
            "Sovnarkom, which would regulate finance, transport, agriculture and supply as well as industry. The "
            "other commissariats declined to be regulated. By the summer of 1918, when large-scale "
            "industry was nationalized, the council had become in practice a commissariat of industry, and it was "
            "soon divided into chief directorates (the *glavki*), each with a branch to feed and a warehouse to "
            "defend.[^2]"
        ),
        prose(
            "Such an order works where there is one customer, in this case the Red Army, and one question, namely "
            "how much. It fails wherever one branch needs something of another. Each directorate could give orders "
            "downward, none could learn sideways; a works might be given a program by the first and refused the fuel "
            "for it by the second, and both had acted correctly. Contemporaries called it *glavkizm*, and it was not "
            "meant as a compliment.[^3]"
        ),
        prose(
            "When the civil war ended the *glavki* lost their customer. Under the NEP most factories were gathered "
            "into trusts, which bought, sold and kept books -- *khozraschet*, in the word of the day -- and the "
            "council above them had to learn, for the first time, what its own products cost."
        ),
    ),
)

GOELRO = Division(
    "section",
    "II",
    "GOELRO, or the use of an atlas",
    blocks=(
        prose(
            "The first document that deserves the name of a plan came from engineers. In February 1920 the VSNKh "
            "appointed a State Commission for the Electrification of Russia, GOELRO, under the chairmanship of "
            "G. M. Krzhizhanovsky. Some two hundred specialists worked for it, and in December they laid before the "
            "Eighth Congress of Soviets a volume of several hundred pages, together with a map on which colored lamps "
            "marked the stations to come: thirty of them, to be built in ten to fifteen years.[^4] Lenin called it "
            'the "second programme of our Party."[^5]'
        ),
        prose(
            "It was not the number of the stations that made this a plan. It was the order of the reasoning: from "
            "the energy that a region could yield to the industries that this energy could carry, and from these to "
            "the railways and the labor that they would need. GOELRO said next to nothing of money, and little of "
            "the peasants. It could afford both omissions, because in the winter of 1920-1921 it seemed possible to "
            "many that neither would matter much longer."
        ),
        prose("Of the lamps the clerk says:"),
        quote(
            "I have been told that when the map was lit they had to switch off the rest of the district. I cannot "
            "confirm it. I was in the rest of the district,"
        ),
        resume(
            "and it would be hard to describe the first years of electrification more exactly. The station at "
            "Kashira gave current in 1922, that at Shatura in 1925, Volkhov at the end of 1926. The timetable slipped; "
            "the way of reasoning remained."
        ),
    ),
)

CHAPTER_2 = Division(
    "chapter",
    "2",
    "A planning commission in a market economy",
    blocks=(
        prose(
            "In March 1921 the Tenth Party Congress put a tax in the place of requisitions, and behind the tax came "
            "the market. Three weeks earlier Sovnarkom had founded a commission for a general plan. Neither of these "
            "measures was taken with the other in mind, and for some years the two behaved like neighbors who have "
            "not been introduced."
        ),
    ),
    notes=(
        Note(
            1,
            (
                prose(
                    "Krzhizhanovsky held the chair until 1923 and again from 1925 to 1930; A. D. Tsyurupa held it in "
                    "the interval."
                ),
            ),
        ),
        Note(
            2,
            (
                prose(
                    '"Granting Legislative Functions to the State Planning Commission," in Lenin, *CW*, vol. 36, '
                    "dictated between December 27 and 29, 1922. The notes were for the Party's next congress, and "
                    "were not printed in Russia until 1956."
                ),
            ),
        ),
        Note(
            3,
            (
                prose(
                    "A decree of October 1922 required that at least a quarter of the issue be covered by precious "
                    "metals and stable foreign currency, and the rest by goods and short-term bills."
                ),
                prose(
                    "On the whole of this operation, and on the crisis of 1923 that came in the middle of it, see "
                    "E. H. Carr, *The Interregnum, 1923-1924*. The experts who advised it had for the most part "
                    "served in the ministries or the banks of the old regime. They were not reproached with it until "
                    "later."
                ),
            ),
        ),
        Note(4, (prose("Carr reproduces the figures; so does every textbook."),), missing=True),
    ),
)

GOSPLAN = Division(
    "section",
    "I",
    "Gosplan",
    blocks=(
        prose(
            "Gosplan was attached to the STO by a decree of February 22, 1921. It grew out of GOELRO and inherited "
            "its chairman.[^1] It began with some forty members, engineers, statisticians and economists, of whom "
            "few were communists, and it had no power to give an order to anyone. It examined what others proposed; "
            "its opinion could be asked for, or not asked for."
        ),
        prose(
            "Whether this was too little was disputed at once. Trotsky wanted a commission with authority over "
            "industry. Lenin resisted for a long time, and came a part of the way only in the last days of 1922, in "
            "notes that he dictated when he was ill: he was ready to give its findings some force of law, on "
            "condition that a person of learning stand at its head, and not one of command.[^2] In the meantime "
            "Gosplan lived by being useful. It drew up balances of grain and of fuel, it sat on every committee that "
            "would have it, and its journal, *Planovoye Khozyaistvo*, printed the quarrels of the decade at length."
        ),
        quote(
            "People came from the provinces and asked which of the doors was the plan. I sent them to the "
            "statisticians, on the third floor. It was warm there, and by the time they had been shown the tables they "
            "had forgotten what they came for."
        ),
    ),
)

MONEY = Division(
    "section",
    "II",
    "Money before plans: how the Narkomfin made the economy legible",
    blocks=(
        prose(
            "While the planners gathered data the financiers gathered power, and they did so by making data "
            "possible."
        ),
    ),
)

CHERVONETS = Division(
    "subsection",
    "a",
    "From the sovznak to the chervonets",
    blocks=(
        prose(
            "No estimate can be made in a unit that loses half its value while the estimate is being typed. The "
            "Gosbank, which VTsIK had voted into being in October 1921, was given a year later the right to issue a "
            "new note, the chervonets; for more than a year the old paper, the *sovznak*, continued to sink beside "
            "it.[^3] Early in "
            "1924 the old paper was withdrawn. The Narkomfin, under G. Y. Sokolnikov, could at last draw up a budget "
            "in roubles that would still be roubles when they were spent, and it used its new authority as "
            "treasuries do: it asked everyone else to explain themselves."
        ),
    ),
)

SCISSORS = Division(
    "subsection",
    "b",
    "The scissors, and the lessons that different offices drew from them",
    blocks=(
        prose(
            "Sounder money made visible what inflation had hidden. During 1923 the prices of manufactures climbed "
            "and those of grain fell, until in October the two lines on the diagram stood further apart than ever: "
            "the *scissors*, as Trotsky had named them before the Twelfth Party Congress in April. The trusts had "
            "goods that nobody could buy, and the peasants had grain that was not worth the cart.[^4]"
        ),
        prose(
            "The cure owed nothing to a plan. Credit to the trusts was cut back, prices were lowered by order, grain "
            "was exported, and in the course of 1924 the blades drew together.[^3] It was a victory of the Narkomfin. "
            "Gosplan drew a lesson of its own: a government that can be surprised by its own prices should employ "
            "somebody to look ahead."
        ),
    ),
)

PART_2 = Division(
    "part",
    "2",
    "The first figures, from the currency reform to the five-year plan",
    blocks=(
        prose(
            "After 1924 the organs had their subject. Industry recovered faster than anyone had dared to forecast, "
            "and every year of the recovery sharpened the same question. What would happen when the last of the old "
            "furnaces had been lit again?"
        ),
        Block(
            "table",
            "Output of coal (million tons), pig iron and steel (thousand tons), and electric power (million "
            "kilowatt-hours)[^1]",
            rows=(
                ("Year", "Coal", "Pig iron", "Steel", "Power"),
                ("1913", "29.0", "4,216", "4,231", "1,945"),
                ("1921", "8.9", "116", "183", "520"),
                ("1922", "9.5", "188", "392", "775"),
                ("1923", "13.7", "309", "709", "1,146"),
                ("1924", "16.1", "755", "1,140", "1,562"),
                ("1925", "18.1", "1,535", "2,135", "2,925"),
                ("1926", "27.6", "2,441", "3,141", "3,508"),
            ),
        ),
        prose(
            "The table can be read in two ways, and it was. Read downward it is a triumph. Read from its first line "
            "to its last it says that, after five years of peace, the country smelted little more than half the iron "
            "that it had smelted before the war, in the same furnaces, which were now thirteen years older."
        ),
    ),
    notes=(
        Note(
            1,
            (
                prose(
                    "The series are the official ones, as Alec Nove gives them in *An Economic History of the "
                    "U.S.S.R.* They are of unequal quality, those for the first years especially."
                ),
            ),
        ),
    ),
)

CHAPTER_3 = Division(
    "chapter",
    "3",
    "From the balance of the national economy to the control figures",
    blocks=(
        prose(
            "Two attempts were made, within a year of each other, to see the economy whole. The first was the more "
            "profound, and was put aside; the second was improvised, and grew."
        ),
    ),
    notes=(
        Note(
            1,
            (
                prose(
                    "Large parts of it can be read in English in N. Spulber, ed., *Foundations of Soviet Strategy "
                    "for Economic Growth*."
                ),
            ),
        ),
        Note(
            2,
            (
                prose(
                    "His review came out in German in 1925, and in the same year in Russian, in *Planovoye "
                    "Khozyaistvo*, no. 12 [1925]. He was about twenty years old when he wrote it; the "
                    "prize that the later work brought him was awarded in 1973."
                ),
            ),
        ),
        Note(
            3,
            (
                prose(
                    "V. G. Groman set out this doctrine in *Planovoye Khozyaistvo*, nos. 1 and 2 [1925]. There is a "
                    "portrait of him in Naum Jasny, *Soviet Economists of the Twenties: Names to Be Remembered*, which "
                    "was written by one who had known him."
                ),
                prose(
                    "Groman was a Menshevik, and he had been a zemstvo statistician. In 1917, in Petrograd, he tried "
                    "to bring the supply of food under a city-wide plan, and so had come to planning before most "
                    "Bolsheviks did."
                ),
            ),
        ),
        Note(4, (prose("On OSVOK see Carr and Davies, at the place named above."),), missing=True),
        Note(
            5,
            (
                prose(
                    "The debate is the subject of A. Erlich, *The Soviet Industrialization Debate, 1924-1928*, which "
                    "follows it among the politicians as well."
                ),
            ),
        ),
        Note(6, (prose("Bazarov was not brought to trial in public; he died in 1939."),)),
    ),
)

BALANCE = Division(
    "section",
    "I",
    "The balance of the national economy for 1923-1924",
    blocks=(
        prose(
            "In the summer of 1924 the STO asked the TsSU for something that hardly any statistical office had "
            "attempted: an account of a whole economy in a single year, which would show for each branch what it "
            "produced, what it took from the others, and what became of the rest. P. I. Popov directed the work. "
            "First results were published in 1925, and the whole a year later, in a heavy volume.[^1]"
        ),
        prose(
            "The balance looked back. It described one year and recommended nothing. But its tables were laid out "
            "like a chessboard, branch against branch, so that coal could be followed from the pit to the furnace, and "
            "it became possible to ask what else would have to change if a single figure were changed. A young "
            "economist who reviewed it, V. V. Leontief, was to devote a good part of his life to that question.[^2] "
            "Popov himself lost his post at the beginning of 1926, after a dispute about the grain that the peasants "
            "were believed to hold."
        ),
    ),
)

CONTROL_FIGURES = Division(
    "section",
    "II",
    "The control figures, or planning under the NEP",
    blocks=(
        prose(
            "Gosplan chose a quicker road. In August 1925 it published *control figures* for the year 1925-1926, in "
            "about a hundred pages. Groman, their guiding spirit, believed that an economy which recovers from a "
            "catastrophe goes back to its old proportions along regular paths; let these be measured, and the coming "
            "year can be read off from the years before.[^3] The commissariats had estimates of their own, and found "
            "the document impertinent. Then the grain came to market more slowly than it should have, exports fell "
            "short, imports were cut, and by the winter the figures were out of date."
        ),
        prose(
            "The precedent remained. The second set, for 1926-1927, was better founded; the third filled a thick "
            "volume, and by that time the programs of the commissariats were expected to agree with it. A forecast "
            "had turned into a standard, and was about to turn into an order."
        ),
        prose(
            "Nor did the VSNKh wait. Since the spring of 1925 its special conference on fixed capital, OSVOK, under "
            "G. L. Pyatakov, had been working on a five-year program for large-scale, state-owned industry.[^4] Under "
            "Dzerzhinsky, and after him under Kuibyshev, the council spoke for factories that did not exist yet, and "
            "it spoke louder every year."
        ),
    ),
)

SCHOOLS = Division("section", "III", "The two schools[^5]")

GENETICISTS = Division(
    "subsection",
    "a",
    "The geneticists",
    blocks=(
        prose(
            "The word had nothing to do with heredity. Groman and V. A. Bazarov held that a plan has to set out from "
            "tendencies that are already at work: the harvest, the market, the rate at which a poor country can save. "
            "Bazarov expected growth to slacken once the restoration was complete. A planner, on this view, is "
            "something like a pilot, who may choose the course but not the current."
        ),
    ),
)

TELEOLOGISTS = Division(
    "subsection",
    "b",
    "The teleologists",
    blocks=(
        prose(
            "S. G. Strumilin, and with him much of the VSNKh, answered that a plan sets out from its purpose. The "
            "economy of the future is not found but built, and whoever only extends the curve of the past has already "
            "chosen the past. Strumilin directed the drafts of a five-year plan on which Gosplan was engaged from "
            "1926 on; each aimed higher than the one before. Krzhizhanovsky, between the two schools, tried to keep "
            "both under one roof. From below, the clerk saw only this:"
        ),
        quote(
            "The first party drew its curve with a ruler, and the second drew it freehand. Both called it the curve. "
            "I filed both under C."
        ),
    ),
)

AFTERMATH = Division(
    "section",
    "IV",
    "After the argument",
    blocks=(
        prose(
            "Argument did not settle the matter. What settled it was the grain that failed to arrive in the winter of "
            "1927-1928, and what the government did to obtain it. In April 1929 the Sixteenth Party Conference "
            "approved the five-year plan in the higher of its two variants, and in May the Congress of Soviets made "
            "it law. Groman and Bazarov were arrested in 1930. In March 1931 Groman stood before a court with "
            "thirteen others, several of them his colleagues, and confessed to what he was charged with.[^6]"
        ),
        prose(
            "Their tables stayed in use. One may think as one likes of the plans that followed. That a whole economy "
            "can be laid out on paper, its branches set against each other, and its next year disputed in figures, "
            "was the discovery of these ten years. That the paper does not dispute in its turn was the discovery of "
            "the ten years after."
        ),
    ),
)

EDITION = Edition(
    title="The Planning Organs, 1917-1929",
    key=KEY,
    divisions=(
        PREFACE,
        INTRODUCTION,
        PART_1,
        CHAPTER_1,
        VSNKH,
        GOELRO,
        CHAPTER_2,
        GOSPLAN,
        MONEY,
        CHERVONETS,
        SCISSORS,
        PART_2,
        CHAPTER_3,
        BALANCE,
        CONTROL_FIGURES,
        SCHOOLS,
        GENETICISTS,
        TELEOLOGISTS,
        AFTERMATH,
    ),
)


@cache
def sample() -> Typeset:
    """The witness of the sample volume and the truth about it."""
    return typeset(EDITION, faults=FAULTS)


def sample_truth() -> Truth:
    """The truth that the importer should read in the sample volume."""
    return sample().truth


def main() -> None:
    """Write the witness, if asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="write fixtures/sample/file-1.txt anew")
    if parser.parse_args().write:
        WITNESS.write_bytes(sample().text.encode())


if __name__ == "__main__":
    main()
