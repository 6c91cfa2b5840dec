// Puts the page together from the embedded data.

const renderers = {
  prose: (b) => make(`<div>${b.paragraphs.map((p) => `<p>${rich(p)}</p>`).join('')}${b.bullets.length ? `<ul>${b.bullets.map((t) => `<li>${rich(t)}</li>`).join('')}</ul>` : ''}</div>`),
  callout: (b) => make(`<div class="callout ${esc(b.tone)}">${b.title ? `<h3>${rich(b.title)}</h3>` : ''}${b.paragraphs.map((p) => `<p>${rich(p)}</p>`).join('')}</div>`),
  figures: (b) => make(`<div class="figures">${b.figures.map((f) => `<div class="${esc(f.tone)}"><div class="label">${rich(f.label)}</div><div class="value">${esc(f.value)}${f.unit ? ` <small>${esc(prettyUnit(f.unit))}</small>` : ''}</div>${f.note ? `<div class="note">${rich(f.note)}</div>` : ''}</div>`).join('')}</div>`),
  table, line: lineChart, multiples: smallMultiples, area: stackedArea, map: tissueMap, forest: forestPlot, scatter: scatterPlot, verdicts: verdictPlot, graph: graphDrawing, heat: heatMap, provenance,
  details: (b) => {
    const node = make(`<details><summary>${esc(b.title)}</summary></details>`);
    b.blocks.forEach((inner) => node.append(renderers[inner.kind](inner)));
    return node;
  },
};

/** Units of all axes as people write them, once, before anything is drawn. */
function prettifyUnits(block) {
  for (const axis of [block.x, block.y]) if (axis?.unit) axis.unit = prettyUnit(axis.unit);
  if (block.kind === 'verdicts') block.rows.forEach((r) => { r.unit = prettyUnit(r.unit); });
  if (block.kind === 'heat') block.unit = prettyUnit(block.unit);
  if (block.field_unit) block.field_unit = prettyUnit(block.field_unit);
  [...(block.charts ?? []), ...(block.blocks ?? [])].forEach(prettifyUnits);
}

function renderPage(report) {
  report.sections.forEach((s) => s.blocks.forEach(prettifyUnits));
  const page = document.getElementById('page');
  const metadata = report.metadata.map(([name, value]) => `<div><dt>${esc(name)}</dt><dd>${esc(value)}</dd></div>`).join('');
  page.append(make(`<header><h1>${esc(report.title)}</h1>${report.subtitle ? `<p class="subtitle">${rich(report.subtitle)}</p>` : ''}${metadata ? `<dl>${metadata}</dl>` : ''}</header>`));
  const links = report.sections.map((s, i) => `<li><a href="#section-${i + 1}">${esc(s.title)}</a></li>`).join('');
  page.append(make(`<nav class="contents" aria-label="contents"><ol>${links}</ol></nav>`));
  const main = make('<main></main>');
  page.append(main);
  report.sections.forEach((section, i) => {
    const node = make(`<section id="section-${i + 1}"><h2>${esc(section.title)}</h2></section>`);
    main.append(node);
    for (const block of section.blocks) node.append(renderers[block.kind](block));
  });
  page.append(make('<footer>Made with Senoma. Figures respond to the pointer; legends switch series on and off. This file needs no network.</footer>'));
}

// On paper everything that is folded is shown.
addEventListener('beforeprint', () => document.querySelectorAll('details').forEach((d) => { d.open = true; }));
renderPage(JSON.parse(document.getElementById('data').textContent));
