"""The `dlcourse` command: every part of the course from a terminal.

Each command is thin: it parses, calls a function of the package, and prints. Whatever a user can get wrong arrives
as a CourseError, whose one sentence is printed before the command exits with 2.
"""

import sys
from pathlib import Path
from typing import Annotated

import typer
from typer.core import TyperGroup

import dlcourse
from dlcourse.data.command import app as data_app
from dlcourse.errors import CourseError


class _Commands(TyperGroup):
    """The option parser ends a command in silence on Ctrl-C; here it says so."""

    def invoke(self, ctx):
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            from dlcourse.kernels import hush

            hush("asyncio")  # tasks that were cut off complain when they are thrown away, as the process ends
            print("dlcourse: interrupted; nothing half-written is left behind.", file=sys.stderr)
            raise typer.Exit(130) from None


app = typer.Typer(
    cls=_Commands,
    help="The deep-learning course: step through it, run it with parameters, import it.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(data_app, name="data", help="List, fetch and verify the data sets.")

ChapterNumber = Annotated[str, typer.Argument(help="A chapter's number, such as 01.", metavar="NN")]


@app.command("list")
def list_chapters() -> None:
    """List the chapters: number, title, minutes, and whether the notebook is there."""
    from rich.table import Table

    from dlcourse.course import chapters

    table = Table("", "chapter", "minutes", "data", "")
    for each in chapters():
        table.add_row(
            each.number, each.title, str(each.minutes), ", ".join(each.data), "" if each.written else "planned"
        )
    _console().print(table)


@app.command(
    epilog="Example: dlcourse run 01 -p epochs 200 -p seed 1",
)
def run(
    number: ChapterNumber,
    parameter: Annotated[
        list[str] | None,
        typer.Option("-p", "--parameter", help="A parameter and its value: -p NAME VALUE (or NAME=VALUE). Repeatable."),
    ] = None,
    profile: Annotated[str | None, typer.Option(help="A named parameter set: quick, cpu, gpu.")] = None,
    output: Annotated[Path | None, typer.Option("-o", "--output", help="The executed notebook to write.")] = None,
    parameters: Annotated[bool, typer.Option("--parameters", help="List the chapter's parameters and stop.")] = False,
) -> None:
    """Run a chapter from a fresh kernel, with parameters, and show its figures."""
    from dlcourse.course import runs

    if parameters:
        _show_parameters(number)
        return
    path = runs.run(number, _pairs(parameter or []), profile, output)
    _show_records(runs.figures(path))
    _console().print(f"Executed notebook: {path}", soft_wrap=True)


@app.command()
def records(
    write: Annotated[bool, typer.Option("--write", help="Bring README.md and docs/ up to date.")] = False,
) -> None:
    """Show every figure recorded in the committed notebooks, with its bar."""
    from dlcourse.course import tables

    if write:
        changed = tables.write_generated()
        _console().print(f"Written: {', '.join(changed)}." if changed else "Every generated table is up to date.")
        return
    _show_records(tables.all_records())


@app.command()
def check(
    number: ChapterNumber,
    count: Annotated[bool, typer.Option(help="Count the attempts into your own progress.")] = True,
) -> None:
    """Check your answers to a chapter's exercises, as they stand in the saved notebook (or in a notebook file)."""
    from dlcourse.course import find_chapter
    from dlcourse.exercises.command import check_notebook_command

    path = Path(number) if number.endswith(".ipynb") else find_chapter(number).path
    raise typer.Exit(check_notebook_command(path, count=count))


@app.command(epilog="Example: dlcourse export 08 --student -o lab.ipynb")
def export(
    number: Annotated[str, typer.Argument(help="A chapter's number, such as 08, or all.", metavar="NN|all")],
    student: Annotated[bool, typer.Option("--student", help="No outputs, exercises blank.")] = False,
    teacher: Annotated[
        bool, typer.Option("--teacher", help="Outputs, and each exercise's solution, reason, hints and mistakes.")
    ] = False,
    solutions: Annotated[bool, typer.Option("--solutions", help="The exercises alone, solved, ready to run.")] = False,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="The notebook or folder to write; by default exports/….")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace files that are there already.")] = False,
) -> None:
    """Write a copy of a chapter to hand out: for students, for the teacher, or the solutions."""
    from dlcourse.course.exporting import export as write

    wanted = [name for name, on in (("student", student), ("teacher", teacher), ("solutions", solutions)) if on]
    if len(wanted) != 1:
        raise CourseError("say which copy you want: one of --student, --teacher and --solutions.")
    for path in write(number, wanted[0], output, force):
        print(path)


@app.command()
def progress(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object instead of a table.")] = False,
    reset: Annotated[
        str | None, typer.Option(help="Forget the attempts of a chapter, or of all.", metavar="NN|all")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before forgetting.")] = False,
) -> None:
    """Show how many exercises of each chapter you have passed; kept on this computer only."""
    from dlcourse.course.progress_command import reset_progress, show_progress

    if reset is None:
        show_progress(as_json)
    else:
        reset_progress(reset, yes)


@app.command(epilog="Example: dlcourse glossary learning rate")
def glossary(
    words: Annotated[list[str] | None, typer.Argument(help="A term; without one, all of them.", metavar="WORD")] = None,
) -> None:
    """Say what a word of the course means, or list the words that are explained."""
    from dlcourse.course.glossary_command import show_glossary

    show_glossary(words or [])


@app.command()
def doctor() -> None:
    """Say what this machine has, what the course will use, and what to mend."""
    from dlcourse.training.command import doctor as examine

    raise typer.Exit(examine())


@app.command()
def lab(
    number: Annotated[str, typer.Argument(help="The chapter to open.", metavar="[NN]")] = "00",
    port: Annotated[int | None, typer.Option(help="The port to listen on; by default a free one from 8888.")] = None,
    browser: Annotated[bool, typer.Option(help="Open a browser window.")] = True,
    folder: Annotated[
        Path | None, typer.Option(help="Work on a copy of the notebooks in this folder; your own files are kept.")
    ] = None,
) -> None:
    """Open JupyterLab on the course."""
    from dlcourse.course.lab import open_lab

    raise typer.Exit(open_lab(number, port, browser, folder))


@app.command(
    epilog="Example: dlcourse sweep 01 -p hidden 2,8,32 --seeds 3   Lists are told apart by semicolons: [1,2];[3,4]",
)
def sweep(
    number: ChapterNumber,
    parameter: Annotated[
        list[str] | None,
        typer.Option("-p", "--parameter", help="A parameter and its values: -p NAME V1,V2,… Repeatable."),
    ] = None,
    seeds: Annotated[int | None, typer.Option(help="Repeat each combination with seed 0 to N-1.", metavar="N")] = None,
    profile: Annotated[str | None, typer.Option(help="A named parameter set: quick, cpu, gpu.")] = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="The folder to keep it in; by default sweeps/NN_slug.")
    ] = None,
    workers: Annotated[
        int | None, typer.Option(help="How many runs at a time, the cores shared out among them.", metavar="N")
    ] = None,
    scheduler: Annotated[
        str | None, typer.Option(help="A Dask scheduler whose workers to use, such as tcp://host:8786.")
    ] = None,
) -> None:
    """Run a chapter over a grid of parameters, in parallel, and show its figures as a table and a plot."""
    from dlcourse.course.sweep_command import sweep_command

    raise typer.Exit(sweep_command(number, parameter or [], seeds, profile, output, workers, scheduler))


def _version(wanted: bool) -> None:
    if wanted:
        print(dlcourse.__version__)
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    pass


def main() -> None:
    """The console script: run a command; a CourseError becomes its sentence and exit code 2."""
    try:
        app(_join_pairs(sys.argv[1:]), standalone_mode=True)
    except CourseError as error:
        print(f"dlcourse: {error}", file=sys.stderr)
        sys.exit(2)


def _join_pairs(arguments):
    """Let `-p NAME VALUE` stand for `-p NAME=VALUE`: papermill's own form, which the option parser does not know."""
    joined, rest = [], list(arguments)
    while rest:
        word = rest.pop(0)
        joined.append(word)
        if word in ("-p", "--parameter") and rest:
            name = rest.pop(0)
            needs_value = "=" not in name and rest
            joined.append(f"{name}={rest.pop(0)}" if needs_value else name)
    return joined


def _pairs(texts):
    pairs = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals or not name:
            raise CourseError(f"a parameter is given as -p NAME VALUE, not {text!r}.")
        pairs[name] = value
    return pairs


def _show_parameters(number):
    from rich.table import Table

    from dlcourse.course.parameters import profiles, read_parameters
    from dlcourse.course.syllabus import find_written_chapter

    chapter = find_written_chapter(number)
    table = Table("parameter", "type", "default", "what it is", title=f"Chapter {chapter.number}: {chapter.title}")
    for each in read_parameters(chapter.path).values():
        table.add_row(each.name, each.kind, repr(each.default), each.comment)
    _console().print(table)
    _console().print(f"Profiles: {', '.join(profiles(chapter.number)) or 'none'}.")


def _show_records(figures):
    from rich.table import Table

    from dlcourse.course.records import bar, beside, figure_text

    table = Table("", "measured", "figure", "bar", "beside")
    for each in figures:
        missed = " [red]missed[/red]" if each["holds"] is False else ""
        table.add_row(each["chapter"], each["name"], figure_text(each), bar(each) + missed, beside(each))
    _console().print(table)


def _console():
    from rich.console import Console

    return Console()
