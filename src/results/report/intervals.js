// Estimates with their intervals (forest plot), and measured against simulated (scatter with the line of identity).

function forestPlot(block) {
  const draw = (container, width) => {
    const rows = block.rows.filter((r) => finite(r.estimate));
    if (!rows.length) {
      container.innerHTML = '<p class="empty">no differences were computed for this figure</p>';
      return;
    }
    const narrow = width < 560;
    const texts = rows.map((r) => showInterval(r.estimate, r.low, r.high));
    const valueWidth = Math.ceil(Math.max(...texts.map((t) => textWidth(t, 12.5)))) + 8;
    const labelWidth = narrow ? 0 : Math.min(Math.ceil(Math.max(...rows.map((r) => textWidth(r.label, 13)))) + 18, width * 0.36);
    const left = narrow ? 8 : labelWidth, right = width - (narrow ? 10 : valueWidth + 14);
    const parts = [], marks = [];
    let top = 8, group = null;
    rows.forEach((r, i) => {
      if (r.group && r.group !== group) {
        parts.push(`<text class="group" x="0" y="${top + 15}">${esc(r.group)}</text>`);
        top += 26;
      }
      group = r.group;
      const lines = wrap(r.label, narrow ? width - valueWidth - 12 : labelWidth - 14, 13);
      lines.forEach((line, k) => parts.push(`<text class="row" x="0" y="${top + 15 + k * 16}">${esc(line)}</text>`));
      parts.push(`<text class="value" x="${width}" y="${top + 15}" text-anchor="end">${esc(texts[i])}</text>`);
      const block_height = lines.length * 16 + 10 + (narrow ? 16 : 0);
      marks.push({ row: r, at: narrow ? top + lines.length * 16 + 10 : top + (lines.length * 16) / 2 + 3 });
      top += block_height;
    });
    const range = extent([rows.flatMap((r) => [r.low, r.high, r.estimate]), block.reference === null ? [] : [block.reference]], block.x.log);
    const scale = makeScale(block.x, ...range, left + 6, right - 6, Math.max(2, Math.round((right - left) / 90)), { pad: true });
    const bottom = top + 6, under = [];
    for (const t of scale.ticks) under.push(`<line class="grid" x1="${t.at}" x2="${t.at}" y1="4" y2="${bottom}"/>`);
    for (const t of thin(scale.ticks, (tick) => textWidth(tick.text), 10)) under.push(`<text x="${t.at}" y="${bottom + 17}" text-anchor="middle">${esc(t.text)}</text>`);
    if (block.reference !== null) under.push(`<line class="reference" x1="${scale.map(block.reference)}" x2="${scale.map(block.reference)}" y1="4" y2="${bottom}"/>`);
    under.push(`<line class="axis" x1="${left}" x2="${right}" y1="${bottom}" y2="${bottom}"/>`);
    const title = withUnit(block.x.label, block.x.unit), titleWidth = textWidth(title, 12, 500);
    const middle = Math.max(titleWidth / 2, Math.min((left + right) / 2, width - titleWidth / 2));
    under.push(`<text class="title" x="${middle}" y="${bottom + 36}" text-anchor="middle">${esc(title)}</text>`);
    const dots = marks.map(({ row, at }) => {
      const clear = block.reference === null || (finite(row.low) && row.low > block.reference) || (finite(row.high) && row.high < block.reference);
      const colour = clear ? 'var(--accent)' : 'var(--faint)';
      const bar = finite(row.low) && finite(row.high) ? `<line x1="${scale.map(row.low)}" x2="${scale.map(row.high)}" y1="${at}" y2="${at}" stroke="${colour}" stroke-width="2.5"/>` : '';
      const tip = `${row.label}: ${showInterval(row.estimate, row.low, row.high)} ${block.x.unit}${row.note ? ` – ${row.note}` : ''}`;
      return `<g>${bar}<circle class="halo" cx="${scale.map(row.estimate)}" cy="${at}" r="5.5" fill="${colour}" stroke-width="1.5"/><title>${esc(tip)}</title></g>`;
    }).join('');
    container.innerHTML = svgText(width, bottom + 42, block.title, under.join('') + parts.join('') + dots);
  };
  return figure('Figure', block, (node) => {
    const items = [{ name: `estimate and ${block.interval}`, colour: 'var(--accent)', line: true, points: true }];
    if (block.reference !== null) items.push({ name: 'interval includes no difference', colour: 'var(--faint)', line: true, points: true });
    node.append(legend(items));
    const plot = make('<div class="plot"></div>');
    responsive(plot, draw);
    node.append(plot);
  });
}

function scatterPlot(block) {
  const hidden = new Set();
  const draw = (container, full) => {
    const width = Math.min(full, 620), xs = block.series.flatMap((s) => s.x), ys = block.series.flatMap((s) => [s.y, s.low, s.high]);
    if (!xs.some(finite)) {
      container.innerHTML = '<p class="empty">no pairs to compare</p>';
      return;
    }
    let xRange = extent([xs], block.x.log), yRange = extent(ys, block.y.log);
    if (block.identity) xRange = yRange = [Math.min(xRange[0], yRange[0]), Math.max(xRange[1], yRange[1])];
    const height = Math.min(width - 90, 420);
    const frame = plotFrame({ width, height, x: { ...block.x, pad: true }, y: block.y, xRange, yRange });
    const parts = [frame.svg];
    if (block.identity) {
      const low = Math.max(frame.xScale.low, frame.yScale.low), high = Math.min(frame.xScale.high, frame.yScale.high);
      parts.push(`<line class="reference" x1="${frame.xScale.map(low)}" y1="${frame.yScale.map(low)}" x2="${frame.xScale.map(high)}" y2="${frame.yScale.map(high)}"/>`);
    }
    const floor = block.y.log ? frame.yScale.low : -Infinity;
    const shown = block.series.filter((s) => !hidden.has(s.name)).map((s) => ({ ...s, line: false, points: true }));
    parts.push(...shown.map((s) => seriesSvg(s, frame.xScale.map, frame.yScale.map, floor)));
    container.innerHTML = svgText(width, frame.total, block.title, parts.join(''));
    const svg = container.firstElementChild;
    svg.style.maxWidth = `${width}px`;
    svg.style.margin = '0 auto';
    svg.addEventListener('pointerleave', hideTooltip);
    svg.addEventListener('pointermove', (event) => {
      const box = svg.getBoundingClientRect(), k = width / box.width;
      const px = (event.clientX - box.left) * k, py = (event.clientY - box.top) * k;
      let best = null, distance = 18;
      for (const s of shown) s.x.forEach((x, i) => {
        const d = Math.hypot(frame.xScale.map(x) - px, frame.yScale.map(s.y[i]) - py);
        if (d < distance) { distance = d; best = { s, i }; }
      });
      if (!best) return hideTooltip();
      const { s, i } = best;
      showTooltip(event, `<div><i style="background:${esc(s.colour)}"></i>${esc(s.name)}${s.labels?.[i] ? `, ${esc(s.labels[i])}` : ''}</div>`
        + `<div class="soft">${esc(block.x.label)} <b>${show(s.x[i])}</b> ${esc(block.x.unit)}</div><div class="soft">${esc(block.y.label)} <b>${show(s.y[i])}</b> ${esc(block.y.unit)}</div>`);
    });
  };
  return figure('Figure', block, (node) => {
    const plot = make('<div class="plot"></div>'), redraw = responsive(plot, draw);
    const items = block.series.map((s) => ({ name: s.name, colour: s.colour, round: true }));
    node.append(legend(items, (name, on) => { on ? hidden.delete(name) : hidden.add(name); redraw(); }));
    if (block.identity) node.querySelector('.legend').append(make('<span><svg width="24" height="12"><line x1="1" x2="23" y1="6" y2="6" stroke="var(--soft)" stroke-dasharray="5 4" stroke-width="1.5"/></svg>' + esc(block.identity_words) + '</span>'));
    node.append(plot);
  });
}
