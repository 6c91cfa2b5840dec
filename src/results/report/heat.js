// A matrix of values on a diverging scale: vermilion below the reference, blue above (told apart with every common
// colour-vision deficiency), the value written in each cell, frames for marked cells, hatching where nothing is defined.

const heatEnds = { below: [213, 94, 0], above: [0, 114, 178] };

/** Colour and ink of a value at t in −1 … 1 from the neutral middle. */
function heatColour(t) {
  const middle = darkScheme.matches ? [38, 41, 45] : [247, 246, 243], end = t < 0 ? heatEnds.below : heatEnds.above;
  const share = Math.min(Math.abs(t), 1) * 0.92;
  const rgb = middle.map((m, k) => Math.round(m + (end[k] - m) * share));
  const linear = rgb.map((c) => (c / 255 <= 0.03928 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
  const luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
  return { fill: `rgb(${rgb.join(' ')})`, ink: luminance > 0.2 ? '#16181a' : '#ffffff' };
}

function heatMap(block) {
  const cellOf = ([value, low, high, marked, note]) => ({ value, low, high, marked, note });
  const cells = block.cells.map((row) => row.map(cellOf));
  const values = cells.flat().map((c) => c.value).filter(finite).map((v) => Math.abs(v - block.reference)).sort((p, q) => p - q);
  // One extreme cell must not bleach the others: the scale ends at the 95th percentile.
  const limit = values.length ? values[Math.ceil(0.95 * (values.length - 1))] || values.at(-1) || 1 : 1;
  const open = (c) => !finite(c.low) || !finite(c.high) || (c.low <= block.reference && c.high >= block.reference);
  const hatch = nextId();
  const defs = () => `<defs><pattern id="${hatch}" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><line x1="0" y1="0" x2="0" y2="6" stroke="var(--line)" stroke-width="2"/></pattern></defs>`;

  const draw = (container, width) => {
    if (!block.rows.length || !block.columns.length) {
      container.innerHTML = '<p class="empty">no values to show</p>';
      return;
    }
    const labelWidth = Math.min(Math.ceil(Math.max(...block.rows.map((r) => textWidth(r, 13)))) + 12, width * 0.34);
    const cell = Math.min(104, (width - labelWidth - 2) / block.columns.length), height = 27;
    const heads = block.columns.map((c) => wrap(c, cell - 6, 12));
    const upright = heads.some((lines) => lines.length > 3 || lines.some((l) => textWidth(l, 12) > cell - 4));
    const top = upright ? Math.min(130, Math.ceil(Math.max(...block.columns.map((c) => textWidth(c, 12)))) + 10) : Math.max(...heads.map((l) => l.length)) * 15 + 8;
    const parts = [defs()], frames = [];
    block.columns.forEach((name, k) => {
      const x = labelWidth + (k + 0.5) * cell;
      if (upright) parts.push(`<text transform="translate(${x + 4} ${top - 6}) rotate(-90)">${esc(shorten(name, top - 8, 12))}<title>${esc(name)}</title></text>`);
      else heads[k].forEach((line, i) => parts.push(`<text x="${x}" y="${top - 8 - (heads[k].length - 1 - i) * 15}" text-anchor="middle">${esc(line)}</text>`));
    });
    cells.forEach((row, j) => {
      const y = top + j * height;
      parts.push(`<text class="row" x="0" y="${y + 18}">${esc(shorten(block.rows[j], labelWidth - 8, 13))}<title>${esc(block.rows[j])}</title></text>`);
      row.forEach((c, k) => {
        const x = labelWidth + k * cell, place = `x="${x.toFixed(1)}" y="${y}" width="${cell.toFixed(1)}" height="${height}"`;
        if (!finite(c.value)) {
          parts.push(`<rect ${place} class="heat" fill="url(#${hatch})" data-cell="${j},${k}"/>`);
          return;
        }
        const { fill, ink } = heatColour((c.value - block.reference) / limit), text = show(c.value, 2);
        parts.push(`<rect ${place} class="heat" fill="${fill}" data-cell="${j},${k}"/>`);
        if (textWidth(text, 12) <= cell - 4) parts.push(`<text x="${(x + cell / 2).toFixed(1)}" y="${y + 18}" text-anchor="middle" pointer-events="none" style="fill:${ink};${open(c) ? 'opacity:.72;font-style:italic' : 'font-weight:600'}">${esc(text)}</text>`);
        if (c.marked) frames.push(`<rect class="heatmark" x="${(x + 1.75).toFixed(1)}" y="${y + 1.75}" width="${(cell - 3.5).toFixed(1)}" height="${height - 3.5}"/>`);
      });
    });
    const full = labelWidth + cell * block.columns.length + 2, bottom = top + cells.length * height + 2;
    container.innerHTML = svgText(full, bottom, block.title, parts.join('') + frames.join(''));
    const svg = container.firstElementChild;
    svg.style.maxWidth = `${full}px`;
    svg.addEventListener('pointerleave', hideTooltip);
    svg.addEventListener('pointermove', (event) => {
      const at = event.target.dataset?.cell?.split(',').map(Number);
      if (!at) return hideTooltip();
      const c = cells[at[0]][at[1]];
      const value = finite(c.value) ? `<b>${showInterval(c.value, c.low, c.high)}</b> ${esc(block.unit)}` : '<b>not defined</b>';
      showTooltip(event, `<div>${esc(block.rows[at[0]])}, ${esc(block.columns[at[1]])}</div><div class="soft">${esc(block.label)} ${value}</div>${c.marked ? `<div>${esc(block.mark)}</div>` : ''}${c.note ? `<div class="soft">${esc(c.note)}</div>` : ''}`);
    });
  };

  return figure('Figure', block, (node) => {
    const key = make('<div class="legend heatkey"></div>');
    const cut = (word, side) => `${values.at(-1) > limit ? `${word} ` : ''}${show(block.reference + side * limit, 2)}`;
    const fillKey = () => {
      const stops = [-1, -0.5, 0, 0.5, 1].map((t) => heatColour(t).fill).join(', ');
      key.innerHTML = `<span>${esc(block.below)}</span><span class="heatscale"><b style="background:linear-gradient(90deg, ${stops})"></b><small><span>${cut('≤', -1)}</span><span>${esc(withUnit(block.label, block.unit))}</span><span>${cut('≥', 1)}</span></small></span><span>${esc(block.above)}</span>`
        + (block.mark ? `<span><svg width="26" height="16"><rect class="heatmark" x="2" y="2" width="22" height="12"/></svg>${esc(block.mark)}</span>` : '')
        + (cells.flat().some((c) => finite(c.value) && open(c)) ? `<span><em>0.1</em>${esc(block.interval)} includes ${show(block.reference, 2)}</span>` : '')
        + (cells.flat().some((c) => !finite(c.value)) ? `<span><svg width="26" height="16"><rect width="26" height="16" fill="url(#${hatch})" stroke="var(--line)"/></svg>not defined</span>` : '');
    };
    fillKey();
    darkScheme.addEventListener('change', fillKey);
    const plot = make('<div class="plot"></div>');
    responsive(plot, draw);
    node.append(key, plot);
  });
}
