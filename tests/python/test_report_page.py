"""The sample report in a headless browser: it draws every figure, answers the pointer and logs no error.

Skipped where no Chromium is installed. The page itself is written by the C++ test ReportDocument (SENOMA_SAMPLE_FOLDER).
"""

import os
import re
import shutil
import subprocess

import pytest

from test_results import program

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")

# What a reader does: points at a chart and a map, switches a series off, filters the parameters.
ACTIONS = """
<script>
addEventListener('load', () => setTimeout(() => {
  const results = [], tip = () => document.getElementById('tooltip').textContent;
  const point = (node, fx, fy) => {
    const box = node.getBoundingClientRect();
    node.dispatchEvent(new PointerEvent('pointermove', { clientX: box.left + fx * box.width, clientY: box.top + fy * box.height, bubbles: true }));
  };
  const figures = [...document.querySelectorAll('figure')];
  const named = (title) => figures.find((f) => f.querySelector('h3').textContent.includes(title));
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
  const overflow = [...document.querySelectorAll('.plot svg text')].filter((t) => {
    const text = t.getBoundingClientRect(), box = t.closest('figure').getBoundingClientRect();
    return text.width > 0 && (text.left < box.left - 1 || text.right > box.right + 1);
  }).map((t) => t.textContent);
  results.push(['outside', overflow.join('; ')]);
  const overlaps = [];
  for (const svg of document.querySelectorAll('.plot svg')) {
    const texts = [...svg.querySelectorAll('text')].map((t) => [t.textContent, t.getBoundingClientRect()]).filter(([, b]) => b.width > 0);
    texts.forEach(([a, p], i) => texts.slice(i + 1).forEach(([b, q]) => {
      if (p.left < q.right - 1 && q.left < p.right - 1 && p.top < q.bottom - 4 && q.top < p.bottom - 4) overlaps.push(`${a} / ${b}`);
    }));
  }
  results.push(['overlaps', overlaps.join('; ')]);
  results.push(['svg', document.querySelectorAll('.plot svg').length], ['canvas', [...document.querySelectorAll('canvas')].filter((c) => c.width > 300).length]);
  results.push(['wide', document.documentElement.scrollWidth - innerWidth]);
  document.body.dataset.results = JSON.stringify(results);
}, 300));
</script>
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
    file = folder / "sample.html"
    file.write_text(file.read_text(encoding="utf-8").replace("</body>", ACTIONS + "</body>"), encoding="utf-8")
    done = subprocess.run(
        [BROWSER, "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
         "--disable-sync", "--no-first-run", f"--user-data-dir={folder / 'profile'}", f"--window-size={request.param},1200",
         "--virtual-time-budget=4000", "--enable-logging=stderr", "--dump-dom", file.as_uri()],
        capture_output=True, text=True, timeout=90, check=True,
    )
    found = re.search(r'data-results="([^"]*)"', done.stdout)
    assert found, done.stderr[-2000:]
    import html
    import json

    return dict(json.loads(html.unescape(found.group(1)))), done.stderr


def test_no_script_error(page):
    errors = [line for line in page[1].splitlines() if "CONSOLE" in line and "ResizeObserver" not in line]
    assert not errors


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
