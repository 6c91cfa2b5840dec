// Scales, ticks and the frame of a plot: grid, axes, titles with units, labelled events in lanes of their own.

const timeSteps = {
  d: [0.25, 0.5, 1, 2, 5, 7, 14, 28, 56, 84, 168, 364], h: [0.25, 0.5, 1, 2, 3, 6, 12, 24, 48, 72, 96, 168, 336, 720],
  min: [1, 2, 5, 10, 15, 30, 60, 120, 240, 480, 720, 1440],
};
function niceStep(span, count, unit) {
  const wanted = span / Math.max(count, 1);
  const steps = timeSteps[unit];
  if (steps && wanted >= steps[0] / 2 && wanted <= steps.at(-1)) return steps.find((s) => s >= wanted * 0.999) ?? wanted;
  const power = 10 ** Math.floor(Math.log10(wanted));
  return [1, 2, 5, 10].map((f) => f * power).find((s) => s >= wanted * 0.999);
}

/** axis + data range + pixel range → { map, invert, ticks: [{ at, text }], low, high }. */
function makeScale(axis, low, high, from, to, count, { pad = true, zeroSlot = false } = {}) {
  if (axis.log) return logScale(axis, low, high, from, to, zeroSlot);
  low = axis.min ?? low;
  high = axis.max ?? high;
  if (!(high > low)) [low, high] = low === 0 || !finite(low) ? [0, 1] : [low - Math.abs(low) * 0.1, low + Math.abs(low) * 0.1];
  const step = niceStep(high - low, count, axis.unit);
  if (pad) {
    // A little below zero (an error bar) does not earn a whole step of empty plot.
    if (axis.min === undefined) low = low < 0 && low > -0.3 * step ? low - 0.08 * step : Math.floor(low / step + 1e-9) * step;
    if (axis.max === undefined) high = Math.ceil(high / step - 1e-9) * step;
  }
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9) + (Number((step / 10 ** Math.floor(Math.log10(step))).toPrecision(3)) % 1 ? 1 : 0));
  const tiny = decimals > 4 || Math.max(Math.abs(low), Math.abs(high)) >= 1e6;
  const ticks = [];
  for (let k = Math.ceil(low / step - 1e-6); k * step <= high + step * 1e-6; ++k) {
    const value = k * step;
    ticks.push({ value, text: tiny ? show(Math.abs(value) < step * 1e-6 ? 0 : value) : groupThousands(value.toFixed(decimals).replace(/^-(0(\.0*)?)$/, '$1')) });
  }
  const map = (v) => from + ((v - low) / (high - low)) * (to - from);
  return finish({ map, invert: (p) => low + ((p - from) / (to - from)) * (high - low), low, high }, ticks);
}

function logScale(axis, low, high, from, to, zeroSlot) {
  low = axis.min ?? low;
  high = axis.max ?? high;
  if (!(low > 0)) low = high > 0 ? high / 1000 : 0.1;
  if (!(high > low)) [low, high] = [low / 3, low * 3];
  const l0 = Math.log10(low), l1 = Math.log10(high), margin = axis.min === undefined ? (l1 - l0) * 0.04 : 0;
  const start = from + (zeroSlot ? Math.sign(to - from) * Math.min(46, Math.abs(to - from) * 0.12) : 0);
  const a = l0 - margin, b = l1 + margin;
  const map = (v) => (v > 0 ? start + ((Math.log10(v) - a) / (b - a)) * (to - start) : from + (start - from) * 0.3);
  const ticks = zeroSlot ? [{ value: 0, text: '0' }] : [];
  const inner = b - a < 1.2 ? [1, 2, 3, 5, 7] : b - a < 3 ? [1, 2, 5] : [1];
  const every = Math.max(1, Math.ceil((b - a) / 7));
  for (let e = Math.floor(a); e <= Math.ceil(b); ++e) {
    if (inner.length === 1 && e % every) continue;
    for (const f of inner) {
      const value = f * 10 ** e;
      if (Math.log10(value) >= a - 1e-9 && Math.log10(value) <= b + 1e-9) ticks.push({ value, text: show(value) });
    }
  }
  return finish({ map, invert: (p) => 10 ** (a + ((p - start) / (to - start)) * (b - a)), low: 10 ** a, high: 10 ** b, breakAt: zeroSlot ? (from + start) / 2 + 8 : null }, ticks);
}
function finish(scale, ticks) {
  scale.ticks = ticks.map((t) => ({ ...t, at: scale.map(t.value) }));
  return scale;
}

/** Leaves out ticks whose texts would touch; `sizes` are extents along the axis. */
function thin(ticks, size, gap) {
  const kept = [];
  for (const tick of [...ticks].sort((p, q) => p.at - q.at)) {
    const last = kept.at(-1);
    if (!last || tick.at - last.at >= (size(tick) + size(last)) / 2 + gap) kept.push(tick);
  }
  return kept;
}

/** Smallest and largest finite number of several arrays; [0, 1] when there is none. */
function extent(arrays, positiveOnly = false) {
  let low = Infinity, high = -Infinity;
  for (const array of arrays) {
    for (const v of array ?? []) {
      if (finite(v) && (!positiveOnly || v > 0)) { low = Math.min(low, v); high = Math.max(high, v); }
    }
  }
  return low <= high ? [low, high] : [0, 1];
}

/** `text` cut with an ellipsis to at most `width` pixels. */
function shorten(text, width, size) {
  let cut = text;
  while (cut.length > 1 && textWidth(cut === text ? cut : `${cut}…`, size) > width) cut = cut.slice(0, -1);
  return cut === text ? cut : `${cut.trimEnd()}…`;
}

/** Events in lanes above the plot; equal ones that follow each other share a label ("3 × …"); what finds no lane becomes a mark. */
function placeEvents(events, map, left, right) {
  const groups = [], lanes = [[], [], []];
  for (const event of [...events].filter((e) => finite(e.x)).sort((p, q) => p.x - q.x)) {
    const at = map(event.x);
    if (at < left - 1 || at > right + 1) continue;
    if (groups.at(-1)?.label === event.label) groups.at(-1).at.push(at);
    else groups.push({ label: event.label, at: [at] });
  }
  for (const group of groups) {
    const text = shorten(group.at.length > 1 ? `${group.at.length} × ${group.label}` : group.label, (right - left) * 0.6, 11.5);
    const width = textWidth(text, 11.5) + 8, start = Math.min(group.at[0] + 4, right - width + 4);
    const lane = lanes.findIndex((l) => !l.length || l.at(-1) + 6 <= start);
    if (lane >= 0) lanes[lane].push(Math.max(start + width, group.at.at(-1)));
    Object.assign(group, { text, start, lane });
  }
  const used = lanes.filter((l) => l.length).length, marks = groups.some((g) => g.lane < 0);
  return { groups, height: used * 18 + (marks ? 9 : 0) };
}

/** SVG of placed events: dotted lines down to `bottom`, labels in their lanes from `first` on, marks above `top`. */
function eventsSvg(groups, first, top, bottom) {
  const lines = [], labels = [];
  for (const g of groups) {
    const y = g.lane >= 0 ? first + g.lane * 18 : top, title = `<title>${esc(g.label)}</title>`;
    for (const at of g.at) {
      lines.push(`<line class="eventline" x1="${at}" x2="${at}" y1="${y}" y2="${bottom}">${title}</line>`);
      if (g.lane < 0) labels.push(`<path d="M${at - 4} ${top - 8}h8l-4 7z" fill="var(--event)">${title}</path>`);
    }
    if (g.lane >= 0 && g.at.length > 1) lines.push(`<line class="eventspan" x1="${g.at[0]}" x2="${g.at.at(-1)}" y1="${y}" y2="${y}"/>`);
    if (g.lane >= 0) labels.push(`<text class="event" x="${g.start}" y="${y + 14}">${esc(g.text)}${title}</text>`);
  }
  return lines.concat(labels).join('');
}

/**
 * The frame of a plot of `width` × `height` (plot area): given axes and data ranges, returns the scales, the pixel box and SVG text for
 * what lies below the data (grid, axes, titles, events).
 */
function plotFrame({ width, height, x, y, xRange, yRange, events = [], zeroSlot = false, compact = false }) {
  const yCount = Math.max(2, Math.round(height / 52));
  const trial = makeScale(y, ...yRange, height, 0, yCount);
  const left = Math.ceil(Math.max(...trial.ticks.map((t) => textWidth(t.text)), 8)) + 12;
  const right = width - 14;
  const xScale = makeScale(x, ...xRange, left, right, Math.max(2, Math.round((right - left) / (compact ? 50 : 84))), { pad: x.pad ?? false, zeroSlot });
  const { groups, height: lanes } = placeEvents(events, xScale.map, left, right);
  const top = 24 + lanes, bottom = top + height;
  const yScale = makeScale(y, ...yRange, bottom, top, yCount);
  const parts = [];
  for (const t of yScale.ticks) parts.push(`<line class="grid" x1="${left}" x2="${right}" y1="${t.at}" y2="${t.at}"/>`);
  for (const t of thin(yScale.ticks, () => 13, 2)) parts.push(`<text x="${left - 7}" y="${t.at + 4}" text-anchor="end">${esc(t.text)}</text>`);
  for (const t of thin(xScale.ticks, (tick) => textWidth(tick.text), 10)) {
    parts.push(`<line class="axis" x1="${t.at}" x2="${t.at}" y1="${bottom}" y2="${bottom + 5}"/><text x="${t.at}" y="${bottom + 18}" text-anchor="middle">${esc(t.text)}</text>`);
  }
  parts.push(`<line class="axis" x1="${left}" x2="${right}" y1="${bottom}" y2="${bottom}"/>`);
  if (xScale.breakAt) {
    const b = xScale.breakAt;
    parts.push(`<line class="halo" stroke-width="5" x1="${b}" x2="${b + 4}" y1="${bottom}" y2="${bottom}"/><path class="axis" fill="none" d="M${b - 3} ${bottom + 5}l4 -10M${b + 3} ${bottom + 5}l4 -10"/>`);
  }
  parts.push(`<text class="title" x="0" y="11">${esc(withUnit(y.label, y.unit))}</text>`);
  parts.push(`<text class="title" x="${(left + right) / 2}" y="${bottom + 36}" text-anchor="middle">${esc(withUnit(x.label, x.unit))}</text>`);
  parts.push(eventsSvg(groups, 24, top, bottom));
  return { xScale, yScale, left, right, top, bottom, total: bottom + 42, svg: parts.join('') };
}

/** Wraps drawn parts into an SVG element text with a description for screen readers. */
function svgText(width, height, label, inner) {
  return `<svg viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${esc(label)}">${inner}</svg>`;
}
