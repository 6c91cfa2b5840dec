// A signed graph on a raster: nodes as boxes, edges as curves with an arrow (raises) or a bar (lowers), coloured by class.
// Pointing at a node leaves only its own edges bright.

/** Where the line from the centre of a box toward (x, y) leaves it. */
function boxBorder(box, x, y, gap) {
  const dx = x - box.x, dy = y - box.y;
  const t = Math.min(dx ? (box.w / 2 + gap) / Math.abs(dx) : Infinity, dy ? (box.h / 2 + gap) / Math.abs(dy) : Infinity);
  return { x: box.x + dx * Math.min(t, 1), y: box.y + dy * Math.min(t, 1) };
}

/** A curve from box to box that bends to its left, so that edges of both directions do not lie on each other. */
function edgePath(from, to) {
  if (from === to) {
    const x = from.x + from.w / 2, y = from.y;
    return { d: `M${x} ${y - 4}c22 -14 22 22 2 11`, end: { x: x + 1, y: y + 7 }, angle: Math.PI * 1.15 };
  }
  const dx = to.x - from.x, dy = to.y - from.y, length = Math.hypot(dx, dy), bend = Math.min(26, 0.12 * length);
  const cx = (from.x + to.x) / 2 + (dy / length) * bend, cy = (from.y + to.y) / 2 - (dx / length) * bend;
  const start = boxBorder(from, cx, cy, 1), end = boxBorder(to, cx, cy, 6);
  return { d: `M${start.x.toFixed(1)} ${start.y.toFixed(1)}Q${cx.toFixed(1)} ${cy.toFixed(1)} ${end.x.toFixed(1)} ${end.y.toFixed(1)}`, end, angle: Math.atan2(end.y - cy, end.x - cx) };
}

function edgeHead({ end, angle }, inhibits, colour) {
  const at = (r, turn) => `${(end.x + r * Math.cos(angle + turn)).toFixed(1)} ${(end.y + r * Math.sin(angle + turn)).toFixed(1)}`;
  if (inhibits) return `<path d="M${at(5.5, Math.PI / 2)}L${at(5.5, -Math.PI / 2)}" stroke="${colour}" stroke-width="2.4" fill="none"/>`;
  return `<path d="M${at(5, 0)}L${at(5.5, 2.3)}L${at(5.5, -2.3)}Z" fill="${colour}"/>`;
}

function graphDrawing(block) {
  const columns = Math.max(...block.nodes.map((n) => n.column)) + 1, rows = Math.max(...block.nodes.map((n) => n.row)) + 1;
  const colourOf = (list, name) => list.find((c) => c.name === name)?.colour ?? 'var(--faint)';
  const draw = (container, width) => {
    const cell = Math.max(width / columns, 92), row = 66, full = cell * columns, height = rows * row + 10;
    const boxes = block.nodes.map((n) => {
      const lines = wrap(n.label, cell - 26, 11.5);
      return { x: (n.column + 0.5) * cell, y: (n.row + 0.5) * row + 5, lines, w: Math.max(...lines.map((l) => textWidth(l, 11.5, 500))) + 14, h: lines.length * 13.5 + 10 };
    });
    const edges = block.edges.map((e, i) => {
      const path = edgePath(boxes[e.from], boxes[e.to]), colour = colourOf(block.kinds, e.kind);
      return `<g class="edge" data-from="${e.from}" data-to="${e.to}" data-edge="${i}"><path d="${path.d}" fill="none" stroke="${colour}" stroke-width="1.6"${e.dashed ? ' stroke-dasharray="4 3"' : ''}/>${edgeHead(path, e.inhibits, colour)}<path d="${path.d}" fill="none" stroke="transparent" stroke-width="10"/></g>`;
    }).join('');
    const nodes = block.nodes.map((n, i) => {
      const b = boxes[i];
      return `<g class="node" data-node="${i}" tabindex="0"><rect x="${(b.x - b.w / 2).toFixed(1)}" y="${b.y - b.h / 2}" width="${b.w.toFixed(1)}" height="${b.h}" rx="6" fill="var(--surface)" stroke="${colourOf(block.groups, n.group)}" stroke-width="1.8"/>${b.lines.map((l, k) => `<text x="${b.x.toFixed(1)}" y="${(b.y + 4 + (k - (b.lines.length - 1) / 2) * 13.5).toFixed(1)}" text-anchor="middle" class="node">${esc(l)}</text>`).join('')}</g>`;
    }).join('');
    container.innerHTML = svgText(full, height, block.title, edges + nodes);
    const svg = container.firstElementChild;
    svg.style.width = full > width ? `${full}px` : '100%';
    const all = [...svg.querySelectorAll('.edge')];
    const focus = (k) => all.forEach((e) => { e.style.opacity = k === null || e.dataset.from === k || e.dataset.to === k ? 1 : 0.08; });
    svg.querySelectorAll('.node').forEach((g) => {
      const n = block.nodes[+g.dataset.node];
      for (const kind of ['pointerenter', 'focus']) g.addEventListener(kind, () => focus(g.dataset.node));
      for (const kind of ['pointerleave', 'blur']) g.addEventListener(kind, () => { focus(null); hideTooltip(); });
      g.addEventListener('pointermove', (event) => showTooltip(event, `<b>${esc(n.label)}</b>${n.note ? `<br>${esc(n.note)}` : ''}`));
    });
    all.forEach((g) => {
      const e = block.edges[+g.dataset.edge];
      g.addEventListener('pointermove', (event) => showTooltip(event, `<b>${esc(block.nodes[e.from].label)} ${e.inhibits ? '⊣' : '→'} ${esc(block.nodes[e.to].label)}</b><br>${esc(e.note)}`));
      g.addEventListener('pointerleave', hideTooltip);
    });
  };
  return figure('Figure', block, (node) => {
    node.append(legend([...block.kinds.map((k) => ({ name: k.name, colour: k.colour, line: true })), ...block.groups.map((g) => ({ name: g.name, colour: g.colour }))]));
    const plot = make('<div class="plot scroll graph"></div>');
    responsive(plot, draw);
    node.append(plot);
  });
}
