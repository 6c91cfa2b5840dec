// Statements against their bounds: a dot per replicate, the interval as a bar, the allowed range as a band; one axis per row.

function verdictPlot(block) {
  const edge = (v) => v === 'above' || v === 'below';
  const text = (v) => (v === 'above' ? '∞' : v === 'below' ? '\u2212∞' : show(v));
  const boundText = (r) => (r.bound_low !== null && r.bound_high !== null ? `${show(r.bound_low)} to ${show(r.bound_high)}`
    : r.bound_low !== null ? `at least ${show(r.bound_low)}` : `at most ${show(r.bound_high)}`);
  const estimate = (r) => (r.low === r.high ? text(r.centre) : edge(r.low) || edge(r.high) || edge(r.centre)
    ? `${text(r.centre)} [${text(r.low)}, ${text(r.high)}]` : showInterval(r.centre, r.low, r.high));

  const rowSvg = (r, top, left, right, labelLines, valueX, narrow, width) => {
    const parts = [], colour = r.passed ? 'var(--good)' : 'var(--bad)';
    labelLines.forEach((line, k) => parts.push(`<text class="row" x="0" y="${top + 15 + k * 16}">${esc(line)}</text>`));
    const y0 = top + (narrow ? labelLines.length * 16 + 49 : 4), height = 44, middle = y0 + height / 2;
    const range = extent([r.values, [r.centre, r.low, r.high, r.bound_low, r.bound_high].filter(finite)]);
    const room = right - left, scale = makeScale({ unit: r.unit }, ...range, left + 24, right - 24, Math.max(2, Math.round(room / 80)), { pad: true });
    const at = (v) => (v === 'above' ? right - 7 : v === 'below' ? left + 7 : scale.map(v));
    const from = r.bound_low === null ? left : scale.map(r.bound_low), to = r.bound_high === null ? right : scale.map(r.bound_high);
    parts.push(`<rect class="allowed" x="${from}" y="${y0}" width="${Math.max(0, to - from)}" height="${height}"/>`);
    for (const t of scale.ticks) parts.push(`<line class="grid" x1="${t.at}" x2="${t.at}" y1="${y0}" y2="${y0 + height}"/>`);
    for (const bound of [r.bound_low, r.bound_high]) {
      if (bound !== null) parts.push(`<line class="bound" x1="${scale.map(bound)}" x2="${scale.map(bound)}" y1="${y0 - 3}" y2="${y0 + height + 3}"/>`);
    }
    parts.push(`<line class="axis" x1="${left}" x2="${right}" y1="${y0 + height}" y2="${y0 + height}"/>`);
    for (const t of thin(scale.ticks, (tick) => textWidth(tick.text), 10)) parts.push(`<text x="${t.at}" y="${y0 + height + 15}" text-anchor="middle">${esc(t.text)}</text>`);
    r.values.forEach((v, i) => {
      const name = `${r.labels[i] ?? ''}: ${v === null ? 'no value' : `${text(v)} ${r.unit}`}`;
      const y = middle + 8 + (((i * 7) % 5) - 2) * 3.4;
      if (v === null) {
        const x = r.bound_high === null ? left + 7 : right - 7;
        parts.push(`<text x="${x}" y="${y + 4}" text-anchor="middle" style="fill:var(--bad)">×<title>${esc(name)}</title></text>`);
      } else if (edge(v)) {
        const x = at(v), d = v === 'above' ? 6 : -6;
        parts.push(`<path d="M${x - d / 2},${y - 4}L${x + d / 2},${y}L${x - d / 2},${y + 4}Z" fill="var(--faint)"><title>${esc(name)}</title></path>`);
      } else {
        parts.push(`<circle cx="${at(v)}" cy="${y}" r="3.4" fill="var(--faint)" fill-opacity=".75"><title>${esc(name)}</title></circle>`);
      }
    });
    if (r.low !== null && r.high !== null && r.centre !== null) {
      const y = y0 + 10;
      parts.push(`<line x1="${at(r.low)}" x2="${at(r.high)}" y1="${y}" y2="${y}" stroke="${colour}" stroke-width="3" stroke-linecap="round"/>`);
      parts.push(`<circle class="halo" cx="${at(r.centre)}" cy="${y}" r="5.5" fill="${colour}" stroke-width="1.5"><title>${esc(`${estimate(r)} ${r.unit}`)}</title></circle>`);
    }
    const x = narrow ? 0 : valueX, yText = narrow ? top + labelLines.length * 16 + 17 : top + 16;
    parts.push(`<text class="value" x="${x}" y="${yText}">${esc(`${estimate(r)} ${r.unit}`)}</text>`);
    parts.push(`<text x="${x}" y="${yText + 17}">${esc(`${boundText(r)} ${r.unit}`)}</text>`);
    parts.push(`<text class="${r.passed ? 'pass' : 'fail'}" x="${narrow ? width : x}" y="${narrow ? yText : yText + 34}"${narrow ? ' text-anchor="end"' : ''}>${r.passed ? '✓ passes' : '✗ fails'}</text>`);
    return { svg: parts.join(''), bottom: Math.max(y0 + height + 30, top + labelLines.length * 16 + 16, narrow ? 0 : yText + 52) };
  };

  const draw = (container, width) => {
    const narrow = width < 640;
    const labelWidth = narrow ? 0 : Math.min(Math.ceil(Math.max(...block.rows.map((r) => textWidth(r.label, 13)))) + 18, width * 0.3);
    const valueWidth = narrow ? 0 : Math.ceil(Math.max(...block.rows.flatMap((r) => [`${estimate(r)} ${r.unit}`, `${boundText(r)} ${r.unit}`].map((t) => textWidth(t, 12.5))))) + 8;
    const left = labelWidth + (narrow ? 2 : 0), right = width - (narrow ? 2 : valueWidth + 16);
    const parts = [];
    let top = 8;
    for (const r of block.rows) {
      const { svg, bottom } = rowSvg(r, top, left, right, wrap(r.label, narrow ? width : labelWidth - 14, 13), right + 16, narrow, width);
      parts.push(svg);
      top = bottom;
    }
    container.innerHTML = svgText(width, top, block.title, parts.join(''));
  };
  return figure('Figure', block, (node) => {
    node.append(legend([{ name: 'one seed', colour: 'var(--faint)', round: true }, { name: `over seeds, with ${block.interval}`, colour: 'var(--good)', line: true, points: true },
      { name: 'allowed', colour: 'var(--good-bg)' }]));
    const plot = make('<div class="plot"></div>');
    responsive(plot, draw);
    node.append(plot);
  });
}
