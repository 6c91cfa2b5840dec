// Line charts with bands, points and events; small multiples; stacked areas.

/** "M…L…" over the finite points; a gap in the data is a gap in the line. */
function linePath(xs, ys, sx, sy) {
  let path = '', open = 0;
  for (let i = 0; i < xs.length; ++i) {
    const good = finite(xs[i]) && finite(ys[i]) && finite(sy(ys[i]));
    if (!good && open === 1) path += 'l0 0';  // a lone value is drawn as a dot by the round line caps
    if (good) path += `${open ? 'L' : 'M'}${sx(xs[i]).toFixed(1)} ${sy(ys[i]).toFixed(1)}`;
    open = good ? open + 1 : 0;
  }
  return open === 1 ? `${path}l0 0` : path;
}
/** Closed area between two curves, one part per stretch without gaps. */
function bandPath(xs, lows, highs, sx, sy) {
  let path = '', run = [];
  const close = () => {
    if (run.length > 1) {
      const there = run.map((i) => `${sx(xs[i]).toFixed(1)} ${sy(highs[i]).toFixed(1)}`);
      const back = run.reverse().map((i) => `${sx(xs[i]).toFixed(1)} ${sy(lows[i]).toFixed(1)}`);
      path += `M${there.join('L')}L${back.join('L')}Z`;
    }
    run = [];
  };
  for (let i = 0; i < xs.length; ++i) {
    if (finite(xs[i]) && finite(lows[i]) && finite(highs[i])) run.push(i);
    else close();
  }
  close();
  return path;
}

const isBand = (s) => s.line && s.low && s.high;
const isErrorBar = (s) => !s.line && s.low && s.high;

/** A stepped series as a line: each value is held until the next x. */
function steps(s) {
  const held = (values) => values?.flatMap((v, i) => (i ? [values[i - 1], v] : [v]));
  return { ...s, x: s.x.flatMap((x, i) => (i ? [x, x] : [x])), y: held(s.y), low: held(s.low), high: held(s.high) };
}

function seriesSvg(series, sx, sy, floor) {
  const s = series.stepped ? steps(series) : series;
  const parts = [];
  const up = (v) => sy(finite(v) && v > floor ? v : floor === -Infinity ? v : floor);
  if (isBand(s)) parts.push(`<path d="${bandPath(s.x, s.low, s.high, sx, up)}" fill="${esc(s.colour)}" fill-opacity="0.17"/>`);
  if (isErrorBar(s)) {
    s.x.forEach((x, i) => {
      if (finite(x) && finite(s.low[i]) && finite(s.high[i])) parts.push(`<line x1="${sx(x)}" x2="${sx(x)}" y1="${up(s.low[i])}" y2="${up(s.high[i])}" stroke="${esc(s.colour)}" stroke-width="1.5"/>`);
    });
  }
  if (s.line) parts.push(`<path d="${linePath(s.x, s.y.map((v) => (finite(v) ? Math.max(v, floor) : v)), sx, sy)}" fill="none" stroke="${esc(s.colour)}" stroke-width="2.2" stroke-linejoin="round" stroke-linecap="round"${s.dashed ? ' stroke-dasharray="7 5"' : ''}/>`);
  if (s.points || s.y.filter(finite).length === 1) {
    s.x.forEach((x, i) => {
      if (finite(x) && finite(s.y[i])) parts.push(`<circle class="halo" cx="${sx(x).toFixed(1)}" cy="${sy(Math.max(s.y[i], floor)).toFixed(1)}" r="4" fill="${esc(s.colour)}" stroke-width="1.2"/>`);
    });
  }
  return parts.join('');
}

/** The value of a series at x: a point's own, or between neighbours on a line; null outside. */
function valueAt(s, x, tolerance) {
  if (s.stepped) return s.x.findLastIndex((v) => finite(v) && v <= x);
  let best = -1;
  for (let i = 0; i < s.x.length; ++i) {
    if (finite(s.x[i]) && finite(s.y[i]) && (best < 0 || Math.abs(s.x[i] - x) < Math.abs(s.x[best] - x))) best = i;
  }
  return best >= 0 && Math.abs(s.x[best] - x) <= tolerance ? best : -1;
}

/** Adds the cursor line and the tooltip that lists every series at the nearest x. */
function addHover(svg, frame, series, chart, valueText) {
  const xs = [...new Set(series.flatMap((s) => s.x.filter(finite)))].sort((p, q) => p - q);
  if (!xs.length) return;
  const cursor = make('<svg><line class="cursor" visibility="hidden"/></svg>').firstElementChild;
  cursor.setAttribute('y1', frame.top);
  cursor.setAttribute('y2', frame.bottom);
  svg.append(cursor);
  const leave = () => { cursor.setAttribute('visibility', 'hidden'); hideTooltip(); };
  svg.addEventListener('pointerleave', leave);
  svg.addEventListener('pointermove', (event) => {
    const box = svg.getBoundingClientRect(), scale = svg.viewBox.baseVal.width / box.width;
    const px = (event.clientX - box.left) * scale, py = (event.clientY - box.top) * scale;
    if (px < frame.left - 8 || px > frame.right + 8 || py < 0 || py > frame.bottom + 20) return leave();
    const x = xs.reduce((p, q) => (Math.abs(frame.xScale.map(q) - px) < Math.abs(frame.xScale.map(p) - px) ? q : p));
    cursor.setAttribute('x1', frame.xScale.map(x));
    cursor.setAttribute('x2', frame.xScale.map(x));
    cursor.setAttribute('visibility', 'visible');
    const reach = chart.x.log ? 0 : (frame.xScale.high - frame.xScale.low) * 0.02;
    const lines = series.map((s) => {
      const i = valueAt(s, x, reach);
      if (i < 0) return '';
      const interval = s.low && s.high && finite(s.low[i]) && finite(s.high[i]) ? ` <span class="soft">${show(s.low[i])}–${show(s.high[i])}</span>` : '';
      return `<div><i style="background:${esc(s.colour)}"></i>${esc(s.name)}${s.labels?.[i] ? `, ${esc(s.labels[i])}` : ''} <b>${valueText(s.y[i])}</b>${interval}</div>`;
    }).join('');
    const near = (chart.events ?? []).filter((e) => Math.abs(frame.xScale.map(e.x) - px) < 6).map((e) => `<div class="soft">${esc(e.label)}</div>`).join('');
    showTooltip(event, `<div class="soft">${esc(chart.x.label)} ${show(x)} ${esc(chart.x.unit)}</div>${lines}${near}`);
  });
}

/** Draws one line chart into `container`. `hidden` names series that are switched off. */
function drawLines(container, width, chart, { height = 290, hidden = new Set(), yRange = null, compact = false } = {}) {
  const shown = chart.series.filter((s) => !hidden.has(s.name));
  const all = chart.series.flatMap((s) => [s.y, s.low, s.high]);
  if (!all.some((a) => a?.some(finite))) {
    container.innerHTML = '<p class="empty">no data were recorded for this figure</p>';
    return;
  }
  const range = yRange ?? lineRange([chart]);
  const zeroSlot = chart.x.log && chart.series.some((s) => s.x.some((v) => v === 0));
  const xRange = extent(chart.series.map((s) => s.x), chart.x.log);
  const frame = plotFrame({ width, height, x: chart.x, y: chart.y, xRange, yRange: range, events: chart.events, zeroSlot, compact });
  const floor = chart.y.log ? frame.yScale.low : -Infinity;
  const clip = nextId();
  const data = shown.map((s) => seriesSvg(s, frame.xScale.map, frame.yScale.map, floor)).join('');
  const clipPath = `<clipPath id="${clip}"><rect x="${frame.left - 5}" y="${frame.top - 5}" width="${frame.right - frame.left + 10}" height="${height + 10}"/></clipPath>`;
  const zero = !chart.y.log && frame.yScale.low < 0 && frame.yScale.high > 0 ? `<line class="axis" x1="${frame.left}" x2="${frame.right}" y1="${frame.yScale.map(0)}" y2="${frame.yScale.map(0)}"/>` : '';
  const label = `${chart.title}: ${chart.series.map((s) => s.name).join(', ')} against ${withUnit(chart.x.label, chart.x.unit)}`;
  container.innerHTML = svgText(width, frame.total, label, `${clipPath}${frame.svg}${zero}<g clip-path="url(#${clip})">${data}</g>`);
  addHover(container.firstElementChild, frame, shown, chart, (v) => `${show(v)} ${esc(chart.y.unit)}`);
}

/** The y range of charts drawn alike; from zero when the data are all positive and the axis is linear. */
function lineRange(charts) {
  const log = charts[0].y.log;
  let [low, high] = extent(charts.flatMap((c) => c.series.flatMap((s) => [s.y, s.low, s.high])), log);
  if (!log && low > 0) low = 0;
  return [low, high];
}

function uniqueSeries(charts) {
  const seen = new Map();
  for (const s of charts.flatMap((c) => c.series)) if (!seen.has(s.name)) seen.set(s.name, s);
  return [...seen.values()];
}

function lineChart(block) {
  return figure('Figure', block, (node) => {
    const hidden = new Set(), plot = make('<div class="plot"></div>');
    const redraw = responsive(plot, (c, w) => drawLines(c, w, block, { hidden, height: w < 520 ? 220 : 290 }));
    const named = uniqueSeries([block]);
    if (named.length > 1) node.append(legend(named, (name, on) => { on ? hidden.delete(name) : hidden.add(name); redraw(); }));
    node.append(plot);
  });
}

function smallMultiples(block) {
  return figure('Figure', block, (node) => {
    const hidden = new Set(), redraws = [], grid = make('<div class="multiples"></div>');
    const named = uniqueSeries(block.charts);
    node.append(legend(named, (name, on) => { on ? hidden.delete(name) : hidden.add(name); redraws.forEach((r) => r()); }));
    const yRange = block.shared_y && block.charts.length ? lineRange(block.charts) : null;
    for (const chart of block.charts) {
      const cell = make(`<div><h4>${esc(chart.title)}</h4><div class="plot"></div></div>`);
      redraws.push(responsive(cell.lastElementChild, (c, w) => drawLines(c, w, chart, { height: 160, hidden, yRange, compact: true })));
      grid.append(cell);
    }
    node.append(grid);
  });
}

function stackedArea(block) {
  const x = block.series[0]?.x ?? [];
  const totals = x.map((_, i) => block.series.reduce((sum, s) => sum + (finite(s.y[i]) ? Math.max(s.y[i], 0) : 0), 0));
  const share = (v, i) => (block.fractions ? (totals[i] > 0 ? (100 * v) / totals[i] : 0) : v);
  const layers = [];
  let base = x.map(() => 0);
  for (const s of block.series) {
    const top = x.map((_, i) => base[i] + share(finite(s.y[i]) ? Math.max(s.y[i], 0) : 0, i));
    layers.push({ ...s, low: base, high: top });
    base = top;
  }
  const y = block.fractions ? { ...block.y, unit: '%', min: 0, max: 100 } : block.y;
  const draw = (container, width) => {
    if (!totals.some((t) => t > 0)) {
      container.innerHTML = '<p class="empty">no data were recorded for this figure</p>';
      return;
    }
    const height = width < 520 ? 220 : 280;
    const frame = plotFrame({ width, height, x: block.x, y, xRange: extent([x]), yRange: [0, Math.max(...base)], events: block.events });
    const areas = layers.map((s) => `<path class="halo" stroke-width="1" d="${bandPath(x, s.low, s.high, frame.xScale.map, frame.yScale.map)}" fill="${esc(s.colour)}"/>`).join('');
    const lines = (block.events ?? []).filter((e) => frame.xScale.map(e.x) <= frame.right).map((e) => `<line class="eventline" x1="${frame.xScale.map(e.x)}" x2="${frame.xScale.map(e.x)}" y1="${frame.top}" y2="${frame.bottom}"/>`).join('');
    container.innerHTML = svgText(width, frame.total, `${block.title}: ${block.series.map((s) => s.name).join(', ')}`, frame.svg + areas + lines);
    const hover = [...layers].reverse().map((s) => ({ ...s, low: null, high: null, y: s.y.map((v, i) => share(v, i)) }));
    addHover(container.firstElementChild, frame, hover, block, (v) => `${show(v)} ${esc(y.unit)}`);
  };
  return figure('Figure', block, (node) => {
    node.append(legend([...block.series].reverse().map((s) => ({ name: s.name, colour: s.colour }))));
    const plot = make('<div class="plot"></div>');
    responsive(plot, draw);
    node.append(plot);
  });
}
