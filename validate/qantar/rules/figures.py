"""Rules on figures: words and bounds, wholes and parts, who speaks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import narwhals as nw

from qantar.dates import known_range
from qantar.model import ROW, Severity
from qantar.rule import Fault, Frame, chain, circles, rows, rule, unproven
from qantar.words import Bounds, Lexicon

UNITS: dict[str, tuple[str, ...]] = {
    "killed": ("person",),
    "injured": ("person",),
    "hospitalised": ("person",),
    "detained": ("person",),
    "beheaded": ("person",),
    "deployed": ("person",),
    "attended": ("person",),
    "seats": ("seat",),
    "votes_required": ("vote",),
    "members": ("state", "person"),
    "deployments": ("operation",),
    "duration": ("hour", "day", "week", "month", "year"),
}
"""The units in which each measure is counted."""

WORDS = ("value_text", "comparator", "value", "low", "high")

LEXICON = """
    phrase,comparator,low,high,value
    mintegy,~,,,
    több mint,>,,,
    több tucat,>=,24,,
"""


@rule(
    field="low",
    expected="comparator, value, low and high as the words mean them",
    valid={
        "figures": """
            figure_id,value_text,comparator,value,low,high
            fg-0001,több mint 2000,>,2000,2001,
            fg-0002,mintegy 400,~,400,,
            fg-0003,több tucat,>=,,24,
            fg-0004,18,=,18,18,18
        """,
        "lexicon": LEXICON,
    },
    faulty={
        "figures": """
            figure_id,value_text,comparator,value,low,high
            fg-0001,több mint 2000,>,2000,2000,
            fg-0002,mintegy 400,=,400,400,400
            fg-0003,18,=,19,19,19
        """,
        "lexicon": LEXICON,
    },
)
def bounds_against_words(figures: Frame, lexicon: Frame) -> Iterator[Fault]:
    """The numbers contradict the words.

    Value, comparator and bounds follow from the words through the lexicon, and from nothing else: "more than 2000"
    bounds from 2001 up, "about 400" bounds nothing. Correct the numbers; where the words mean something else, the
    lexicon.
    """
    known = read_lexicon(lexicon)
    for row, words, *numbers in rows(figures.filter(~nw.col("value_text").is_null()), ROW, *WORDS):
        meant, coded = known.bounds(words), Bounds(*numbers)
        if meant is not None and meant != coded:
            field = next(name for name in WORDS[1:] if getattr(meant, name) != getattr(coded, name))
            yield Fault(row, f'{meant}, as the words "{words}" mean; found {coded}', field=field)


@rule(
    field="value_text",
    expected="digits, or phrases of the lexicon",
    valid={
        "figures": """
            figure_id,value_text
            fg-0001,több mint 2000
        """,
        "lexicon": LEXICON,
    },
    faulty={
        "figures": """
            figure_id,value_text
            fg-0001,vagy 2000
        """,
        "lexicon": LEXICON,
    },
)
def unknown_words(figures: Frame, lexicon: Frame) -> Iterator[Fault]:
    """The number words are not in the lexicon.

    What they bound cannot be derived, so the bounds cannot be checked. Add the phrase to the lexicon, with what it
    means.
    """
    known = read_lexicon(lexicon)
    for row, words in rows(figures.filter(~nw.col("value_text").is_null()), ROW, "value_text"):
        if known.bounds(words) is None:
            yield Fault(row)


def read_lexicon(lexicon: Frame) -> Lexicon:
    """The lexicon's phrases."""
    names = ("phrase", "comparator", "low", "high", "value")
    return Lexicon(dict(zip(names, values, strict=True)) for values in rows(lexicon, *names))


@rule(
    field="low",
    expected="a number not above high",
    valid={
        "figures": """
            figure_id,low,high
            fg-0001,18,18
            fg-0002,24,
        """
    },
    faulty={
        "figures": """
            figure_id,low,high
            fg-0001,19,18
        """
    },
)
def low_above_high(figures: Frame) -> Frame:
    """The lower bound is above the upper one.

    No number lies between them. Derive both from the words again.
    """
    return figures.filter(nw.col("low") > nw.col("high"))


@rule(
    field="value",
    expected="a number that the bounds allow, or next to the one that `<` or `>` excludes",
    valid={
        "figures": """
            figure_id,comparator,value,low,high
            fg-0001,=,18,18,18
            fg-0002,>,2000,2001,
            fg-0003,<,100,,99
        """
    },
    faulty={
        "figures": """
            figure_id,comparator,value,low,high
            fg-0001,=,17,18,18
            fg-0002,>,1999,2001,
        """
    },
)
def value_outside_bounds(figures: Frame) -> Frame:
    """The value lies outside its own bounds.

    The value of "more than" stands one below the lower bound, that of "less than" one above the upper; every other
    value lies within. Derive them from the words again.
    """
    value, low, high, how = (nw.col(name) for name in ("value", "low", "high", "comparator"))
    strict_low, strict_high = how == ">", how == "<"
    return figures.filter(
        ((value < low) & ~strict_low)
        | ((value > high) & ~strict_high)
        | ((value != low - 1) & strict_low)
        | ((value != high + 1) & strict_high)
    )


@rule(
    field="as_of",
    expected="a date not after the day on which the source, or one that cites it, was issued",
    valid={
        "figures": """
            figure_id,source_id,as_of
            fg-0001,so-0002,2022-01-06
            fg-0002,so-0003,2022-01-12
        """,
        "sources": """
            source_id,cited_in,issued
            so-0001,,[2022-01-06..2022-01-12]
            so-0002,so-0001,2022-01-06
            so-0003,so-0001,
        """,
    },
    faulty={
        "figures": """
            figure_id,source_id,as_of
            fg-0001,so-0002,2022-01-07
            fg-0002,so-0003,2022-01-13
        """,
        "sources": """
            source_id,cited_in,issued
            so-0001,,[2022-01-06..2022-01-12]
            so-0002,so-0001,2022-01-06
            so-0003,so-0001,
        """,
    },
)
def figure_after_source(figures: Frame, sources: Frame) -> Iterator[Fault]:
    """The figure holds for a day after its source spoke.

    Nobody can count what has not happened yet. Correct `as_of`, or the source's date.
    """
    listed = list(rows(sources, "source_id", "cited_in", "issued"))
    up = {source: above for source, above, _ in listed}
    issued = {source: known_range(text)[1] for source, _, text in listed}
    for row, source, as_of in rows(figures, ROW, "source_id", "as_of"):
        start = known_range(as_of)[0]
        spoken = [day for one in chain(up, source) if (day := issued.get(one)) is not None]
        if start is not None and spoken and start > min(spoken):
            yield Fault(row, f"a date not after {min(spoken)}")


@rule(
    field="value",
    expected="a part that can be as small as its whole",
    valid={
        "figures": """
            figure_id,part_of,low,high,value,comparator
            fg-0001,,1001,,1000,>
            fg-0002,fg-0001,,,400,~
        """
    },
    faulty={
        "figures": """
            figure_id,part_of,low,high,value,comparator
            fg-0001,,18,18,18,=
            fg-0002,fg-0001,24,,,>=
        """
    },
)
def part_above_whole(figures: Frame) -> Frame:
    """The figure is greater than the one of which it is a part.

    The least number that the part's words allow is above the greatest that the whole's allow. Correct the numbers,
    or `part_of`.
    """
    whole = figures.select(nw.col("figure_id").alias("part_of"), nw.col("high").alias("whole_high"))
    return figures.join(whole, on="part_of").filter(nw.col("low") > nw.col("whole_high"))


@rule(
    field="population",
    expected="the population of the whole",
    valid={
        "figures": """
            figure_id,part_of,population
            fg-0001,,people
            fg-0002,fg-0001,people
        """
    },
    faulty={
        "figures": """
            figure_id,part_of,population
            fg-0001,,security_forces
            fg-0002,fg-0001,protesters
        """
    },
)
def part_of_other_population(figures: Frame) -> Frame:
    """The figure counts others than the one of which it is a part.

    A part of the injured is counted among the injured. Correct the population, or `part_of`.
    """
    whole = figures.select(nw.col("figure_id").alias("part_of"), nw.col("population").alias("whole_population"))
    return figures.join(whole, on="part_of").filter(nw.col("population") != nw.col("whole_population"))


@rule(
    field="part_of",
    expected="a figure that is not part of this one",
    valid={
        "figures": """
            figure_id,part_of
            fg-0001,
            fg-0002,fg-0001
        """
    },
    faulty={
        "figures": """
            figure_id,part_of
            fg-0001,fg-0001
        """
    },
)
def circular_whole(figures: Frame) -> Iterator[Fault]:
    """The figure is part of itself.

    Following `part_of` must end in a figure that is part of none. Empty it in the row that is the whole.
    """
    return circles(figures, "figure_id", "part_of")


FALLING = ("event_id", "organisation_id", "measure", "population", "place_id")


@rule(
    severity=Severity.WARNING,
    field="value",
    expected="a cumulative figure not below the speaker's earlier one",
    valid={
        "figures": """
            figure_id,event_id,organisation_id,source_id,measure,population,place_id,measure_type,as_of,low,high
            fg-0001,ev-0001,,so-0001,killed,people,,cumulative,2022-01-06,18,18
            fg-0002,ev-0001,,so-0002,killed,people,,cumulative,2022-01-07,26,26
        """,
        "sources": """
            source_id,organisation_id
            so-0001,kz-police
            so-0002,kz-police
        """,
    },
    faulty={
        "figures": """
            figure_id,event_id,organisation_id,source_id,measure,population,place_id,measure_type,as_of,low,high
            fg-0001,ev-0001,,so-0001,killed,people,,cumulative,2022-01-06,164,164
            fg-0002,ev-0001,,so-0002,killed,people,,cumulative,2022-01-07,,100
        """,
        "sources": """
            source_id,organisation_id
            so-0001,kz-police
            so-0002,kz-police
        """,
    },
)
def falling_cumulative(figures: Frame, sources: Frame) -> Iterator[Fault]:
    """The speaker's cumulative figure is below an earlier one of the same.

    A count of all so far can only grow, unless a claim is withdrawn. Check both figures; where the speaker took
    the earlier one back, say so in the note.
    """
    speakers = dict(rows(sources, "source_id", "organisation_id"))
    told: dict[tuple[Any, ...], list[tuple[date, int, int | None, int | None]]] = {}
    cumulative = figures.filter(nw.col("measure_type") == "cumulative")
    for row, source, as_of, low, high, *same in rows(cumulative, ROW, "source_id", "as_of", "low", "high", *FALLING):
        day = known_range(as_of)[1]
        speaker = speakers.get(source)
        if day is not None and speaker is not None:
            told.setdefault((speaker, *same), []).append((day, row, low, high))
    for figured in told.values():
        for day, row, _, high in figured:
            before = [low for earlier, _, low, _ in figured if earlier < day and low is not None]
            if high is not None and before and high < max(before):
                yield Fault(row, f"{max(before)} or more, as the same speaker said earlier")


@rule(
    field="figure_id",
    expected="a mention whose record_id is this figure",
    valid={
        "figures": """
            figure_id
            fg-0001
        """,
        "mentions": """
            resource,record_id
            figures,fg-0001
        """,
    },
    faulty={
        "figures": """
            figure_id
            fg-0001
        """,
        "mentions": """
            resource,record_id
            figures,fg-0002
        """,
    },
)
def figure_without_mention(figures: Frame, mentions: Frame) -> Frame:
    """No passage of a report proves the figure.

    A number without its passage is hearsay. Add a mention, or remove the figure.
    """
    return unproven(figures, mentions, "figures", "figure_id")


@rule(
    field="source_id",
    expected="the speaker of the figure's mentions",
    valid={
        "figures": """
            figure_id,source_id,status
            fg-0001,so-0002,stated
            fg-0002,so-0002,withheld
        """,
        "mentions": """
            resource,record_id,source_id
            figures,fg-0001,so-0002
            figures,fg-0002,so-0001
        """,
        "sources": """
            source_id,cited_in
            so-0001,
            so-0002,so-0001
        """,
    },
    faulty={
        "figures": """
            figure_id,source_id,status
            fg-0001,so-0002,stated
        """,
        "mentions": """
            resource,record_id,source_id
            figures,fg-0001,so-0001
        """,
        "sources": """
            source_id,cited_in
            so-0001,
            so-0002,so-0001
        """,
    },
)
def mention_of_other_source(figures: Frame, mentions: Frame, sources: Frame) -> Iterator[Fault]:
    """A mention of the figure has another speaker than the figure.

    One figure is one speaker's. Where another speaker says the same number, that is another figure. Only of a
    number that is withheld may the one who relays it tell.
    """
    up = dict(rows(sources, "source_id", "cited_in"))
    told = mentions.filter(nw.col("resource") == "figures").select(
        nw.col("record_id").alias("figure_id"), nw.col("source_id").alias("told_by")
    )
    for row, source, status, told_by in rows(figures.join(told, on="figure_id"), ROW, "source_id", "status", "told_by"):
        if told_by != source and not (status == "withheld" and told_by in chain(up, source)):
            yield Fault(row, f"{told_by}, the speaker of a mention of this figure")


@rule(
    field="unit",
    expected="a unit in which the measure is counted",
    valid={
        "figures": """
            figure_id,measure,unit
            fg-0001,killed,person
            fg-0002,duration,week
        """
    },
    faulty={
        "figures": """
            figure_id,measure,unit
            fg-0001,killed,week
        """
    },
)
def unit_of_other_measure(figures: Frame) -> Iterator[Fault]:
    """The unit is not one in which the measure is counted.

    Those killed are persons, a duration is hours to years. Correct the unit or the measure.
    """
    known = figures.filter(nw.col("measure").is_in(list(UNITS)) & ~nw.col("unit").is_null())
    for row, measure, unit in rows(known, ROW, "measure", "unit"):
        if unit not in UNITS[measure]:
            yield Fault(row, f"one of {', '.join(UNITS[measure])}")


@rule(
    field="status",
    expected="no words, value, comparator or bounds where the number is withheld; words where it is stated",
    valid={
        "figures": """
            figure_id,status,value_text,value,comparator,low,high
            fg-0001,withheld,,,,,
            fg-0002,stated,18,18,=,18,18
        """
    },
    faulty={
        "figures": """
            figure_id,status,value_text,value,comparator,low,high
            fg-0001,withheld,,0,,,
            fg-0002,stated,,18,=,18,18
        """
    },
)
def withheld_with_value(figures: Frame) -> Frame:
    """A withheld number has a value, or a stated one has no words.

    A number that is not given is neither zero nor unknown to us: it is withheld, and nothing else. Empty the number,
    or correct the status.
    """
    numbered = nw.any_horizontal(
        *(~nw.col(name).is_null() for name in ("value_text", "value", "comparator", "low", "high")), ignore_nulls=True
    )
    return figures.filter(
        ((nw.col("status") == "withheld") & numbered)
        | ((nw.col("status") == "stated") & nw.col("value_text").is_null())
    )


@rule(
    field="event_id",
    expected="an event, an organisation, or both",
    valid={
        "figures": """
            figure_id,event_id,organisation_id
            fg-0001,ev-0001,
            fg-0002,,csto
        """
    },
    faulty={
        "figures": """
            figure_id,event_id,organisation_id
            fg-0001,,
        """
    },
)
def figure_without_subject(figures: Frame) -> Frame:
    """The figure is about neither an event nor an organisation.

    A number says nothing without what it is a number of. Name the event, or the organisation.
    """
    return figures.filter(nw.col("event_id").is_null() & nw.col("organisation_id").is_null())
