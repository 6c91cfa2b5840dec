"""The sample report of a screen in a headless browser. Written by the C++ test ScreenFigures (SENOMA_SAMPLE_FOLDER)."""

import os
import subprocess

import pytest

from browser import BROWSER, look
from test_results import program

ACTIONS = """
  point(named('Effect of each target').querySelector('rect.heat'), 0.5, 0.5);
  results.push(['heat', tip()]);
  const undefinedCell = [...named('Loewe').querySelectorAll('rect.heat')].find((r) => r.getAttribute('fill').startsWith('url'));
  point(undefinedCell, 0.5, 0.5);
  results.push(['hatched', tip()]);
  results.push(['frames', named('Effect of each target').querySelectorAll('.plot .heatmark').length]);
  point(named('Time to relapse').querySelector('.plot svg'), 0.5, 0.5);
  results.push(['survival', tip()]);
  results.push(['svg', document.querySelectorAll('.plot svg').length]);
"""


@pytest.fixture(scope="module", params=[1400, 800, 500])
def page(request, tmp_path_factory):
    if BROWSER is None:
        pytest.skip("no Chromium")
    writer = program() and program().with_name("test_unit_study")
    if not writer or not writer.exists():
        pytest.skip("test_unit_study is not built")
    folder = tmp_path_factory.mktemp("page")
    subprocess.run([str(writer), "--gtest_filter=ScreenFigures.The_sample_page*"], check=True, capture_output=True,
                   env=dict(os.environ, SENOMA_SAMPLE_FOLDER=str(folder)))
    return look(folder / "screen.html", ACTIONS, request.param, folder / "profile")


def test_every_figure_is_drawn_without_a_script_error(page):
    results, errors = page
    assert not errors
    # ranking, flips, 4 dose and 2 timing curves, survival, 2 matrices, Shapley, convergence
    assert results["svg"] == 13


def test_figures_answer_the_pointer(page):
    results, _ = page
    assert "IL-6, T cells present" in results["heat"] and "sign flip" in results["heat"] and "[" in results["heat"]
    assert "not defined" in results["hatched"]
    assert results["frames"] == 2
    assert "IL-6 blocked" in results["survival"] and "%" in results["survival"]


def test_no_text_overlaps_or_leaves_its_figure(page):
    results, _ = page
    assert results["outside"] == "" and results["overlaps"] == "" and results["wide"] <= 0
