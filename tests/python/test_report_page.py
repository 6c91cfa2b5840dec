"""The sample report in a headless browser: it draws every figure, answers the pointer and logs no error.

Skipped where no Chromium is installed. The page itself is written by the C++ test ReportDocument (SENOMA_SAMPLE_FOLDER).
"""

import os
import subprocess

import pytest

from browser import BROWSER, look
from test_results import program

# What a reader does: points at a chart and a map, switches a series off, filters the parameters.
ACTIONS = """
  point(named('Tumour burden').querySelector('.plot svg'), 0.5, 0.5);
  results.push(['line', tip()]);
  point(named('What the tumour').querySelector('.plot svg'), 0.5, 0.5);
  results.push(['area', tip()]);
  point(named('Start, nadir').querySelector('canvas'), 0.5, 0.5);
  results.push(['map', tip()]);
  const before = named('Tumour burden').querySelectorAll('.plot svg path').length;
  named('Tumour burden').querySelector('.legend button').click();
  results.push(['toggle', before - named('Tumour burden').querySelectorAll('.plot svg path').length]);
  const table = named('Every number');
  table.querySelector('button[data-grade="assumption"]').click();
  results.push(['filter', table.querySelector('.shown').textContent]);
  results.push(['svg', document.querySelectorAll('.plot svg').length], ['canvas', [...document.querySelectorAll('canvas')].filter((c) => c.width > 300).length]);
"""


@pytest.fixture(scope="module", params=[1400, 800, 500])
def page(request, tmp_path_factory):
    if BROWSER is None:
        pytest.skip("no Chromium")
    if program() is None:
        pytest.skip("test_unit_results is not built")
    folder = tmp_path_factory.mktemp("page")
    subprocess.run(
        [str(program()), "--gtest_filter=ReportDocument.The_sample_is*"],
        check=True,
        capture_output=True,
        env=dict(os.environ, SENOMA_SAMPLE_FOLDER=str(folder)),
    )
    return look(folder / "sample.html", ACTIONS, request.param, folder / "profile")


def test_no_script_error(page):
    assert not page[1]


def test_every_figure_is_drawn(page):
    results, _ = page
    assert results["svg"] == 11 and results["canvas"] == 3  # burden, states, 6 secreted factors, differences, doses, overlay; 3 maps


def test_figures_answer_the_pointer_with_units(page):
    results, _ = page
    assert "time" in results["line"] and "% of start" in results["line"]
    assert "senescent" in results["area"]
    assert "CCL2" in results["map"] and "nM" in results["map"] and "µm" in results["map"]
    assert results["toggle"] == 2  # the line and its band
    assert results["filter"] == "6 of 42 shown"


def test_no_text_overlaps_or_leaves_its_figure(page):
    results, _ = page
    assert results["outside"] == "" and results["overlaps"] == "" and results["wide"] <= 0
