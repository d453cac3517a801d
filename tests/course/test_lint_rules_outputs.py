"""The linter's rules under "Outputs": each broken by a notebook that breaks no other rule."""

import pytest
from breaking import Breaks, broken_rules, renumber
from made_notebook import PIXEL, exercise, find, picture, printed, recorded, verdict
from nbformat import v4

from dlcourse import display

breaks = Breaks()


@pytest.mark.parametrize(("rule", "change", "says"), breaks.cases)
def test_a_notebook_that_breaks_one_rule(tmp_path, rule, change, says):
    assert broken_rules(tmp_path, change, says) == {rule}


def test_every_rule_of_the_topic_is_broken():
    breaks.assert_complete("Outputs")


@breaks("figures", "shows 3 figures")
def three_figures(notebook):
    find(notebook, "figure(1)").outputs.pop()


@breaks("alt-text", "image/png output")
def a_figure_without_alt_text(notebook):
    find(notebook, "figure(1)").outputs[0] = picture(" ")


@breaks("alt-text", "image/jpeg output")
def a_photograph_without_metadata(notebook):
    find(notebook, "figure(1)").outputs.append(v4.new_output("display_data", {"image/jpeg": PIXEL}))


@breaks("alt-text", "![](00_start_here.ipynb)")
def a_picture_in_prose_without_alt_text(notebook):
    notebook.cells[1].source += "\n\n![](00_start_here.ipynb)"


@breaks("alt-text", "<img")
def a_picture_in_html_without_alt_text(notebook):
    output = v4.new_output("display_data", {"text/html": '<img src="x.png" alt="">'})
    find(notebook, "results()").outputs.append(output)


@breaks("records", "misses its bar")
def a_record_that_misses(notebook):
    find(notebook, "record(").outputs[0] = recorded(holds=False)


@breaks("records", "changed parameters: epochs")
def a_record_of_another_run(notebook):
    find(notebook, "record(").outputs[0] = recorded(changed={"epochs": 1})


@breaks("records", "call start()")
def a_record_before_the_start(notebook):
    find(notebook, "record(").outputs[0] = recorded(chapter=None)


@breaks("records", "recorded 2 times")
def a_name_recorded_twice(notebook):
    find(notebook, "record(").outputs.append(recorded())


@breaks("records", "records no figure")
def no_record(notebook):
    find(notebook, "record(").outputs = []


@breaks("claims", "'neuron-stack' must get its verdict once, and gets it 0 times")
def a_claim_without_a_verdict(notebook):
    find(notebook, "claim(").outputs.pop(2)


@breaks("claims", "not one of chapter 01")
def a_claim_of_another_chapter(notebook):
    find(notebook, "claim(").outputs.append(verdict("logreg-cost"))


@breaks("exercises", "2 cells carry the tag")
def two_exercises(notebook):
    notebook.cells.remove(find(notebook, 'check("01.3"'))
    renumber(notebook)


@breaks("exercises", 'check("01.2", …)')
def an_exercise_numbered_wrongly(notebook):
    cell = find(notebook, 'check("01.2"')
    cell.source = cell.source.replace('check("01.2"', 'check("04.2"')


@breaks("exercises", "must be check")
def an_exercise_that_goes_on_after_its_check(notebook):
    find(notebook, 'check("01.2"').source += "\nprint()"


@breaks("exercises", "'passed'")
def an_exercise_solved_in_the_committed_file(notebook):
    cells = notebook.cells
    place = cells.index(find(notebook, 'check("01.2"'))
    count = cells[place].execution_count
    cells[place] = exercise(2, status="passed")
    cells[place].execution_count = count


@breaks("no-error", "ZeroDivisionError: division by zero")
def an_error(notebook):
    error = v4.new_output("error", ename="ZeroDivisionError", evalue="division by zero", traceback=[])
    find(notebook, "results()").outputs.append(error)


@breaks("quiet", "standard error")
def standard_error(notebook):
    find(notebook, "results()").outputs.append(printed("anything", name="stderr"))


@breaks("quiet", "a warning")
def a_warning(notebook):
    find(notebook, "results()").outputs.append(printed("model.py:3: RuntimeWarning: overflow"))


@breaks("quiet", "a progress bar")
def a_progress_bar(notebook):
    find(notebook, "results()").outputs.append(printed(" 45%|####      | 9/20"))


@breaks("quiet", "a log line")
def a_log_line(notebook):
    line = "I0000 00:00:1700000000.123456    1234 gpu_device.cc:20] Created device"
    find(notebook, "results()").outputs.append(printed(f"before\n{line}"))


@breaks("no-machine", "output names a folder")
def a_folder_in_an_output(notebook):
    find(notebook, "results()").outputs.append(printed("saved in /home/ada/course"))


@breaks("no-machine", "output names a folder")
def a_folder_in_json(notebook):
    output = v4.new_output("display_data", {display.CHAPTER: {"folder": ["C:\\Users\\ada"]}})
    find(notebook, "results()").outputs.append(output)


@breaks("no-machine", "source names a folder")
def a_folder_in_code(notebook):
    find(notebook, "results()").source = 'open("/tmp/results.csv")'


@breaks("no-machine", "address in memory")
def an_address_in_memory(notebook):
    find(notebook, "results()").outputs.append(printed("<Model object at 0x7f3a5c0b1d90>"))
