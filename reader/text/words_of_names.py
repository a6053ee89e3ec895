"""Words by which names of persons are told: given names, titles, and capitalised words that are no surnames. Pure.

The lists are of languages, not of a book: common given names of Europe, the ranks and titles of English, the words with
which English sentences begin, months, peoples, and large places.
"""

GIVEN = frozenset(
    """
    Abraham Abram Ada Adam Adolf Adolph Adolphe Agnes Alan Albert Albrecht Alec Aleksandr Aleksandra Aleksei Aleksey
    Alessandro Alex Alexander Alexandra Alexandre Alexei Alexey Alexis Alfons Alfred Alice Aline Alphonse Amadeo
    Amadeus Anastas Anatole Anatoli Anatolii Anatoly Andre Andrea Andreas Andrei Andrew Andrey André Angela Anna
    Anne Annie Anthony Antoine Anton Antonio Aristide Arkadi Arkadii Arkady Armand Arnold Arthur Artur August
    Auguste Augustus Axel Barbara Basil Beatrice Ben Benedetto Benito Benjamin Bernard Bernhard Bertha Bertrand
    Boris Bruno Camille Carl Carlo Carlos Caroline Catherine Cecil Charles Christian Christine Christopher Claire
    Clara Claude Clemens Clement Constance Constantin Constantine Cornelius Cyril Daniel David Denis Dimitri Dmitri
    Dmitrii Dmitriy Dmitry Dominique Donald Dora Dorothy Douglas Edgar Edith Edmond Edmund Edouard Eduard Edvard
    Edward Edwin Eleanor Elena Elisabeth Elizabeth Ella Ellen Emanuel Emil Emile Emilia Emily Emma Emmanuel Eric
    Erich Erik Ernest Ernst Etienne Eugen Eugene Eugène Eva Evgeni Evgenii Evgeny Fanny Fedor Feliks Felix Ferdinand
    Fernand Fidel Filipp Florence Francesco Francis Frank Frans Franz François Fred Frederic Frederick Friedrich
    Fritz Fyodor Félix Gabriel Galina Gaston Gavriil Gennadi Gennady Geoffrey Georg George Georges Georgi Georgii
    Georgy Gerald Gerard Gerhard Giacomo Gilbert Giorgi Giovanni Giulio Giuseppe Gleb Gottfried Grace Graham Gregory
    Grigori Grigorii Grigoriy Grigory Guido Guillaume Gunnar Gunther Gustav Gustave Guy Gérard Hannah Hans Harold
    Harry Hector Heinrich Heinz Helen Helena Helene Henri Henriette Henrik Henry Herbert Herman Hermann Hilda Horace
    Hubert Hugh Hugo Hélène Ida Ignace Ignatius Ignaz Igor Ilya Inessa Innokenti Ioann Iosif Irene Irina Isaac Isaak
    Isabel Isaiah Isidor Israel Iurii Ivan Jack Jacob Jacqueline Jacques Jakob James Jan Jane Janos Jaroslav Jean
    Jeanne Jenny Jerzy Jessie Joachim Joan Joanna Johan Johann Johannes John Jonathan Jorge Josef Josep Joseph
    Josephine Joshua Josip Juan Jules Julia Julian Julie Julien Julius János Jürgen Kaarel Karel Karl Karol Kasimir
    Kate Katerina Katharina Kazimierz Keith Kenneth Kirill Klara Klaus Klement Kliment Konrad Konstantin Kurt Larisa
    Lars Laura Laurence Lavrenti Lavrentii Lavrenty Lazar Lazare Leo Leon Leonard Leonhard Leonid Leopold Leslie Lev
    Lewis Lidia Lidiya Lily Lionel Louis Louise Luc Lucien Lucy Ludovic Ludwig Luigi Luis Luise Lydia Léon Maksim
    Malcolm Manuel Marc Marcel Margaret Margarete Maria Marie Mariya Mark Marko Marta Martha Martin Mary Mathilde
    Matthew Matvei Matvey Maurice Max Maxim Maximilian Maximilien Michael Michail Michel Miguel Mihail Mikhail Milan
    Milovan Miron Moisei Moritz Moses Moshe Nadezhda Nadya Nancy Natalia Natalya Nathan Nestor Nicholas Nicola
    Nicolai Nicolas Nikita Niklas Nikola Nikolai Nikolaj Nikolaus Nikolay Nils Nina Noah Norman Oleg Olga Oliver
    Olivier Oscar Oskar Oswald Otto Owen Pablo Palmiro Patrick Paul Paula Pauline Pavel Pedro Percy Peter Petr
    Philip Philippe Pierre Pietro Piotr Platon Porfiri Prosper Pyotr Rachel Rainer Ralph Ramon Raoul Raphael Raya
    Raymond Rebecca Reginald Reinhold Rene René Ricardo Richard Robert Roberto Roger Roland Romain Roman Ronald Rosa
    Rosalie Rose Rudolf Rudolph Rufus Ruth Salvador Samuel Sandor Sarah Sebastian Semen Semyon Sergei Sergey Sergio
    Sergo Sidney Siegfried Sigmund Simon Simone Sofia Sofya Sonia Sophia Sophie Stanislas Stanislav Stanisław Stefan
    Stepan Stephan Stephen Steven Stuart Susan Suzanne Sven Svetlana Sylvia Sándor Tadeusz Tamara Tatiana Tatyana
    Ted Terence Theodor Theodore Theresa Thomas Thérèse Tibor Timofei Timothy Tom Trofim Ulrich Umberto Ursula Vadim
    Valentin Valentina Valentine Valeri Valerian Valery Vasili Vasilii Vasiliy Vasily Vera Viacheslav Victor Viktor
    Vilhelm Vincent Vissarion Vitali Vitaly Vladimir Vladislav Vsevolod Vyacheslav Walter Walther Wanda Werner
    Wilfred Wilhelm William Winston Witold Wladyslaw Wolfgang Yakov Yan Yegor Yelena Yevgeni Yevgeny Yulia Yuliy
    Yuri Yury Zinaida Zoya Émile Étienne
    """.split()  # noqa: SIM905  # a paragraph is easier to read than a list
)
# Titles and ranks before a name. Of these, the ones that stand before other words, too, make no name by themselves.
TITLES = frozenset(
    """
    Academician Admiral Ambassador Archbishop Baron Baroness Bishop Brother Captain Cardinal Citizen Colonel
    Comrade Commissar Count Countess Doctor Dr Dr. Duke Emperor Empress Father Frau Fräulein General Governor
    Herr King Lady Lieutenant Lord Madame Mademoiselle Marshal Marquis Miss Mlle Mme Monsieur Mr Mr. Mrs Mrs. Ms
    Ms. Pope Premier President Prince Princess Prof. Professor Queen Sergeant Sir Tsar Tsarina Tsaritsa
    """.split()  # noqa: SIM905  # a paragraph is easier to read than a list
)
PARTICLES = (
    "von der",
    "von dem",
    "van der",
    "van den",
    "de la",
    "von",
    "van",
    "zu",
    "de",
    "du",
    "della",
    "di",
    "da",
)
# Words with which a sentence of English begins, and others that a capital makes no name.
COMMON = frozenset(
    """
    a about above according after again against all already also although among an and another any anyone apart
    are as at be because been before behind being below beside besides between beyond both but by can cf
    certainly chapter clearly compare concerning consequently contrary could despite did do does doubtless due
    during each earlier either elsewhere especially even every everyone everything except far few finally first
    following for formerly from further furthermore generally given had has have having he hence henceforth her
    here his historically how however i ibid if in including indeed initially instead into introduction is it
    its itself just last later latter least less let like likewise many may meanwhile might more moreover most
    much must naturally nearly neither never nevertheless next no nobody none nonetheless nor not note notes
    nothing notwithstanding now obviously of often on once one only op or other others otherwise our out outside
    over part perhaps preface previously quite quoted rather reciprocally recently same second see seldom
    several shall she should similarly since so some something sometimes soon still such than thanks that the
    their them then there thereafter thereby therefore these they third this those though three through
    throughout thus to today together too toward towards two under unless unlike until up upon us vol volume was
    we were what whatever when whenever where whereas wherever whether which whichever while who whoever whole
    whom whose why will with within without would yes yet you your
    """.split()  # noqa: SIM905  # a paragraph is easier to read than a list
)
NEVER = frozenset(
    """
    January February March April May June July August September October November December Monday Tuesday
    Wednesday Thursday Friday Saturday Sunday Easter Christmas Lent Africa America Asia Australia Europe Eurasia
    Antarctica Christ God Bible Koran Gospel Albania Algeria Argentina Armenia Austria Azerbaijan Bavaria
    Belarus Belgium Belorussia Bohemia Brazil Britain Bulgaria Burma Canada Chile China Congo Croatia Cuba
    Czechoslovakia Denmark Egypt England Estonia Ethiopia Finland France Galicia Georgia Germany Greece Holland
    Hungary India Indonesia Iran Iraq Ireland Israel Italy Japan Kazakhstan Kirghizia Korea Latvia Lithuania
    Manchuria Mexico Moldavia Mongolia Morocco Netherlands Norway Pakistan Palestine Persia Poland Portugal
    Prussia Romania Rumania Russia Saxony Scotland Serbia Siberia Silesia Slovakia Spain Sweden Switzerland
    Syria Tadjikistan Tibet Transcaucasia Turkestan Turkey Turkmenistan Ukraine Uzbekistan Vietnam Wales
    Yugoslavia Crimea Caucasus Donbass Donbas Urals Ural Volga Don Kuban Dnieper Baltic Amsterdam Athens Baku
    Belgrade Berlin Bern Birmingham Bonn Boston Brussels Bucharest Budapest Cairo Chicago Cologne Copenhagen
    Dresden Dublin Edinburgh Florence Frankfurt Geneva Glasgow Gorky Hamburg Harmondsworth Helsinki Istanbul
    Jerusalem Kazan Kharkov Kharkiv Kiev Kyiv Kronstadt Leipzig Leningrad Lille Lisbon Lodz London Lyon Lyons
    Madrid Manchester Marseilles Milan Minsk Moscow Munich Naples Nanterre Odessa Oslo Oxford Cambridge Paris
    Peking Beijing Petersburg Petrograd Prague Pskov Riga Rome Rostov Samara Saratov Shanghai Smolensk Sofia
    Stalingrad Stockholm Strasbourg Stuttgart Tashkent Tbilisi Tiflis Tokyo Tomsk Tula Turin Venice Versailles
    Vienna Vilnius Vladivostok Vyborg Warsaw York Zurich Jew Jews Pole Poles Swede Swedes Turk Turks Czech
    Czechs Tatar Tatars Kirghiz Kazakh Kazakhs Uzbek Uzbeks Cossack Cossacks Dutch English French Irish German
    Germans Greek Greeks Chinese Japanese Slav Slavs Orthodox
    """.split()  # noqa: SIM905  # a paragraph is easier to read than a list
)
# Endings of words that name a doctrine, its followers or a people, and no person.
NO_SURNAME = r"(?:isms?|ists?|ites?|ianism|viks?|vism|[a-z]ese|ists'|ishness)$"
# What follows a name that has become the name of something else.
NAMED_AFTER = frozenset(
    """
    Academy Archive Archives Avenue Award Brigade Canal Canyon City College Company Dam District Embankment
    Enrolment Enrollment Factory Faculty Foundation Gate Hall Highway Hospital House Institute Island Library
    Levy Mausoleum Medal Mountains Museum Palace Park Peak Press Prize Railway Region River School Society
    Square Station Street Theatre Theater Tower University Works Committee Commission Party Congress Fund Trust
    Union Province Bay Bridge Constitution Plan Phenomenon Question Group Secretariat Staff Council Assembly
    Bureau Board Bank Court Army Front Government State Republic Department Ministry Office Service League
    Association Federation Alliance Corps Guard
    """.split()  # noqa: SIM905  # a paragraph is easier to read than a list
)
# What makes a single letter after it a number: Part I, Vol. V.
NUMBERED = frozenset(
    """
    act annex appendix article book chapter class column congress department document figure group level line
    map no number part period phase place plan plate point revision scene schedule section series stage step
    supplement table type unit vol volume war
    """.split()  # noqa: SIM905  # a paragraph is easier to read than a list
)
