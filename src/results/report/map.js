// Tissue maps: cells as discs coloured by state over a field, all panels on one colour scale, with scale bars in µm.

const ramps = { light: ['#fafaf8', '#d3d9df', '#98a5b3', '#5d6d80'], dark: ['#141619', '#2b333c', '#485665', '#74879b'] };
const channels = (hex) => [1, 3, 5].map((k) => parseInt(hex.slice(k, k + 2), 16));
function rampColour(t) {
  const stops = (darkScheme.matches ? ramps.dark : ramps.light).map(channels);
  const s = Math.min(Math.max(t, 0), 1) * (stops.length - 1), k = Math.min(Math.floor(s), stops.length - 2), f = s - k;
  return stops[k].map((c, j) => Math.round(c + (stops[k + 1][j] - c) * f));
}
const rampCss = () => `linear-gradient(90deg, ${(darkScheme.matches ? ramps.dark : ramps.light).join(', ')})`;

/** The field as a small picture, one pixel per voxel, y upwards. */
function fieldPicture(field, low, high) {
  const picture = document.createElement('canvas');
  picture.width = field.nx;
  picture.height = field.ny;
  const context = picture.getContext('2d'), pixels = context.createImageData(field.nx, field.ny);
  for (let j = 0; j < field.ny; ++j) {
    for (let i = 0; i < field.nx; ++i) {
      const value = field.values[j * field.nx + i], at = ((field.ny - 1 - j) * field.nx + i) * 4;
      const [r, g, b] = rampColour(finite(value) ? (value - low) / (high - low || 1) : 0);
      pixels.data.set([r, g, b, 255], at);
    }
  }
  context.putImageData(pixels, 0, 0);
  return picture;
}

function drawPanel(canvas, width, block, panel, range) {
  const [x0, x1, y0, y1] = block.extent, scale = width / (x1 - x0), height = Math.max(1, Math.round((y1 - y0) * scale));
  const ratio = Math.max(window.devicePixelRatio || 1, 2);
  canvas.width = width * ratio;
  canvas.height = height * ratio;
  canvas.style.aspectRatio = `${width} / ${height}`;
  const c = canvas.getContext('2d');
  c.scale(ratio, ratio);
  const style = getComputedStyle(document.documentElement), surface = style.getPropertyValue('--surface').trim();
  c.fillStyle = panel.field ? `rgb(${rampColour(0)})` : style.getPropertyValue('--page').trim();
  c.fillRect(0, 0, width, height);
  if (panel.field) {
    c.imageSmoothingEnabled = true;
    c.drawImage(fieldPicture(panel.field, ...range), 0, 0, width, height);
  }
  const px = (x) => (x - x0) * scale, py = (y) => (y1 - y) * scale;
  for (const [x, y, r] of panel.vessels) {
    c.beginPath();
    c.arc(px(x), py(y), Math.max(r * scale, 3), 0, 2 * Math.PI);
    c.fillStyle = surface;
    c.fill();
    c.lineWidth = 2.5;
    c.strokeStyle = '#B2182B';
    c.stroke();
  }
  // State by state, so that the rarer and more interesting ones, listed last, lie on top.
  c.lineWidth = 0.6;
  c.strokeStyle = surface;
  const order = block.states.map((_, s) => s);
  const indices = order.map(() => []);
  panel.s.forEach((s, i) => indices[s]?.push(i));
  for (const s of order) {
    c.fillStyle = block.states[s].colour;
    for (const i of indices[s]) {
      c.beginPath();
      c.arc(px(panel.x[i] / 10), py(panel.y[i] / 10), Math.max((panel.r[i] / 10) * scale, 0.8), 0, 2 * Math.PI);
      c.fill();
      if (panel.r[i] * scale > 25) c.stroke();
    }
  }
  c.strokeStyle = style.getPropertyValue('--line').trim();
  c.lineWidth = 1;
  c.strokeRect(0.5, 0.5, width - 1, height - 1);
  return { scale, height };
}

/** A round length of about a quarter of the width. */
function scaleBarLength(extentWidth) {
  const wanted = extentWidth / 4, power = 10 ** Math.floor(Math.log10(wanted));
  return [5, 2, 1].map((f) => f * power).find((l) => l <= wanted);
}

function panelTooltip(event, canvas, block, panel) {
  const box = canvas.getBoundingClientRect(), [x0, x1, y0, y1] = block.extent;
  const x = x0 + ((event.clientX - box.left) / box.width) * (x1 - x0), y = y1 - ((event.clientY - box.top) / box.height) * (y1 - y0);
  let cell = -1, nearest = Infinity;
  for (let i = 0; i < panel.x.length; ++i) {
    const d = Math.hypot(panel.x[i] / 10 - x, panel.y[i] / 10 - y);
    if (d < nearest && d <= Math.max(panel.r[i] / 10, 4)) { nearest = d; cell = i; }
  }
  const lines = [`<div class="soft">x ${x.toFixed(0)} µm, y ${y.toFixed(0)} µm</div>`];
  if (cell >= 0) {
    const state = block.states[panel.s[cell]];
    if (state) lines.push(`<div><i style="background:${esc(state.colour)}"></i>${esc(state.name)} <span class="soft">radius ${(panel.r[cell] / 10).toFixed(1)} µm</span></div>`);
  }
  if (panel.field) {
    const { nx, ny, values } = panel.field;
    const i = Math.min(nx - 1, Math.max(0, Math.floor(((x - x0) / (x1 - x0)) * nx))), j = Math.min(ny - 1, Math.max(0, Math.floor(((y - y0) / (y1 - y0)) * ny)));
    lines.push(`<div>${esc(block.field_name)} <b>${show(values[j * nx + i])}</b> ${esc(block.field_unit)}</div>`);
  }
  showTooltip(event, lines.join(''));
}

function countText(block, panel) {
  const counts = block.states.map((_, s) => panel.s.reduce((n, v) => n + (v === s), 0));
  return block.states.map((s, k) => (counts[k] ? `${esc(s.name)} ${groupThousands(String(counts[k]))}` : '')).filter(Boolean).join(', ') || 'no cells';
}

function tissueMap(block) {
  return figure('Figure', block, (node) => {
    const range = extent(block.panels.map((p) => p.field?.values)), present = new Set(block.panels.flatMap((p) => [...new Set(p.s)]));
    const items = block.states.filter((_, s) => present.has(s)).map((s) => ({ name: s.name, colour: s.colour, round: true }));
    const key = legend(items);
    if (block.panels.some((p) => p.vessels.length)) key.append(make('<span><i style="border:2.5px solid #B2182B;border-radius:50%"></i>vessel</span>'));
    const grid = make('<div class="maps"></div>');
    for (const panel of block.panels) {
      const cell = make(`<div><p class="caption">${esc(panel.caption)}</p><div><canvas role="img" aria-label="${esc(`${panel.caption}: ${countText(block, panel)}`)}"></canvas></div><div class="below"><span>${countText(block, panel)}</span><span class="scalebar"></span></div></div>`);
      const canvas = cell.querySelector('canvas'), bar = cell.querySelector('.scalebar'), length = scaleBarLength(block.extent[1] - block.extent[0]);
      responsive(canvas.parentElement, (_, width) => {
        const { scale } = drawPanel(canvas, width, block, panel, range);
        bar.style.width = `${length * scale}px`;
        bar.textContent = `${show(length)} µm`;
      });
      canvas.addEventListener('pointermove', (event) => panelTooltip(event, canvas, block, panel));
      canvas.addEventListener('pointerleave', hideTooltip);
      grid.append(cell);
    }
    node.append(key, grid);
    if (block.panels.some((p) => p.field)) {
      const bar = make(`<div class="colourbar"><span>${esc(withUnit(block.field_name, block.field_unit))}</span><div><div class="ramp"></div><div class="ticks"><span>${show(range[0])}</span><span>${show((range[0] + range[1]) / 2)}</span><span>${show(range[1])}</span></div></div></div>`);
      const paint = () => { bar.querySelector('.ramp').style.background = rampCss(); };
      darkScheme.addEventListener('change', paint);
      paint();
      node.append(bar);
    }
  });
}
