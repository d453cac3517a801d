"""`dlcourse glossary [WORD]`: what a word of the course means, or all words that are explained."""

from rich.columns import Columns
from rich.console import Console
from rich.markdown import Markdown
from rich.text import Text

from dlcourse.course.glossary_words import glossary


def show_glossary(words: list[str], console: Console | None = None) -> None:
    """Print the entry of a term, given word by word, or the list of terms. Raises CourseError for an unknown one."""
    console = console or Console()
    if not words:
        terms = [entry.term for entry in glossary().entries]
        console.print(Columns(map(Text, terms), column_first=True, padding=(0, 3)))
        console.print(f"{len(terms)} entries; `dlcourse glossary WORD` shows one.", highlight=False)
        return
    entry = glossary(" ".join(words))
    heading = Text(entry.term, style="bold")
    if entry.also:
        heading.append(f" (also {', '.join(entry.also)})", style="not bold")
    console.print(heading)
    console.print(Markdown(entry.meaning))
    console.print(Text(f"First used in {entry.place}.", style="dim"))
