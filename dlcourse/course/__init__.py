"""The course itself as software: chapters, parameters, runs, records and claims.

In a notebook: `from dlcourse.course import claim, record, start`.
"""

from dlcourse.course.claims import CAVEAT, CORRECTED, HOLDS, claim, known_claims
from dlcourse.course.glossary_words import glossary
from dlcourse.course.overview_table import overview
from dlcourse.course.progress_table import progress
from dlcourse.course.records import BarMissed, record
from dlcourse.course.results import results
from dlcourse.course.session import start
from dlcourse.course.syllabus import Chapter, chapters, find_chapter

__all__ = [
    "CAVEAT",
    "CORRECTED",
    "HOLDS",
    "BarMissed",
    "Chapter",
    "chapters",
    "claim",
    "find_chapter",
    "glossary",
    "known_claims",
    "overview",
    "progress",
    "record",
    "results",
    "start",
]
