"""A page in headless Chromium: what a script found in it, and what the browser complained of."""

import html
import json
import re
import shutil
import subprocess

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")

# Texts that leave their figure or lie on each other, and how far the page is wider than its window.
LAYOUT = """
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
  results.push(['wide', document.documentElement.scrollWidth - innerWidth]);
"""


def look(file, actions, width, profile):
    """Opens `file`, runs `actions` (JavaScript that pushes [name, value] to `results`), then the layout checks.

    Returns the results as a dictionary and the lines of the browser's log that tell of errors in the page."""
    script = (
        # Figures are drawn when the browser first lays them out, which takes longer on a busy machine.
        "<script>{ const drawn = () => [...document.querySelectorAll('.plot')].every((p) => p.childElementCount || p.closest('details:not([open])'));"
        " const act = () => { const results = [], tip = () => document.getElementById('tooltip').textContent;"
        " const figures = [...document.querySelectorAll('figure')], named = (title) => figures.find((f) => f.querySelector('h3').textContent.includes(title));"
        " const point = (node, fx, fy) => { const box = node.getBoundingClientRect(); node.dispatchEvent(new PointerEvent('pointermove',"
        " { clientX: box.left + fx * box.width, clientY: box.top + fy * box.height, bubbles: true })); };"
        + actions + LAYOUT + " document.body.dataset.results = JSON.stringify(results); };"
        " const wait = (times) => setTimeout(() => (drawn() || !times ? act() : wait(times - 1)), 300); addEventListener('load', () => wait(24)); }</script>"
    )
    file.write_text(file.read_text(encoding="utf-8").replace("</body>", script + "</body>"), encoding="utf-8")
    done = subprocess.run(
        [BROWSER, "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
         "--disable-sync", "--no-first-run", f"--user-data-dir={profile}", f"--window-size={width},1200",
         "--virtual-time-budget=9000", "--enable-logging=stderr", "--dump-dom", file.as_uri()],
        capture_output=True, text=True, timeout=90, check=True,
    )
    found = re.search(r'data-results="([^"]*)"', done.stdout)
    assert found, done.stderr[-2000:]
    errors = [line for line in done.stderr.splitlines() if "CONSOLE" in line and "ResizeObserver" not in line]
    return dict(json.loads(html.unescape(found.group(1)))), errors
