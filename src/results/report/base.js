'use strict';
// Shared by all parts: escaping, number texts, text widths, the tooltip, and drawing again when the width changes.

const escapes = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const esc = (text) => String(text ?? '').replace(/[&<>"']/g, (c) => escapes[c]);
const finite = (v) => typeof v === 'number' && Number.isFinite(v);
const withUnit = (label, unit) => (unit ? `${label} (${unit})` : label);
/** "um^2/min" as people write it: µm²/min. */
const prettyUnit = (unit) => String(unit ?? '').replace(/\bum\b/g, 'µm').replace(/\bu([MgLl]|mol)\b/g, 'µ$1').replace(/\^(-?)(\d)/g, (_, sign, d) => (sign ? '⁻' : '') + superscripts[+d]).replace(/\*/g, '·');
/** Long dotted names may break after their dots and underscores. */
const breakable = (text) => esc(text).replace(/([._/])/g, '$1<wbr>');

/** An element from HTML text. */
function make(html) {
  const holder = document.createElement('template');
  holder.innerHTML = html.trim();
  return holder.content.firstElementChild;
}

/** `**bold**`, `code` and links to reports nearby, `[words](folder/report.html)`, in otherwise plain text. */
function rich(text) {
  return esc(text)
    .replace(/\*\*(.+?)\*\*/g, '<strong>$1</strong>')
    .replace(/`(.+?)`/g, '<code>$1</code>')
    .replace(/\[([^\]]+)\]\(([\w./-]+\.html)\)/g, '<a href="$2">$1</a>');
}

const superscripts = '⁰¹²³⁴⁵⁶⁷⁸⁹';
function powerOfTen(exponent) {
  const digits = [...String(Math.abs(exponent))].map((d) => superscripts[+d]).join('');
  return `10${exponent < 0 ? '⁻' : ''}${digits}`;
}
function groupThousands(text) {
  const [whole, rest] = text.split('.');
  const grouped = whole.replace(/^-?\d+$/, (w) => (w.replace('-', '').length > 4 ? w.replace(/\B(?=(\d{3})+$)/g, '\u202f') : w));
  return (rest === undefined ? grouped : `${grouped}.${rest}`).replace('-', '\u2212');
}

/** A value for reading: three significant digits, powers of ten outside 0.001 … 999,999. */
function show(value, digits = 3) {
  if (!finite(value)) return '–';
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size >= 999999.5 || size < 0.001) {
    const [mantissa, exponent] = value.toExponential(digits - 1).split('e');
    const shown = String(+mantissa).replace('-', '\u2212');
    return shown === '1' ? powerOfTen(+exponent) : `${shown}×${powerOfTen(+exponent)}`;
  }
  return groupThousands(size >= 100 ? value.toFixed(0) : String(+value.toPrecision(digits)));
}

/** An estimate with its interval, all to the same number of decimals. */
function showInterval(estimate, low, high) {
  if (!finite(low) || !finite(high)) return show(estimate);
  const span = Math.max(high - low, Math.abs(estimate) * 0.01), top = Math.max(Math.abs(low), Math.abs(high));
  if (!(span > 0) || top >= 1e6 || top < 0.001) return `${show(estimate)} [${show(low)}, ${show(high)}]`;
  const decimals = Math.min(6, Math.max(0, 1 - Math.floor(Math.log10(span))));
  const text = (v) => groupThousands(v.toFixed(decimals).replace(/^-(0(\.0*)?)$/, '$1'));
  return `${text(estimate)} [${text(low)}, ${text(high)}]`;
}

const pen = document.createElement('canvas').getContext('2d');
function textWidth(text, size = 12, weight = 400) {
  pen.font = `${weight} ${size}px system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Liberation Sans", Arial, sans-serif`;
  return pen.measureText(text).width;
}
/** Words broken into lines of at most `width` pixels. */
function wrap(text, width, size) {
  const lines = [];
  for (const word of String(text).split(' ')) {
    const joined = lines.length ? `${lines.at(-1)} ${word}` : word;
    if (lines.length && textWidth(joined, size) <= width) lines[lines.length - 1] = joined;
    else lines.push(word);
  }
  return lines;
}

const tooltip = document.getElementById('tooltip');
function showTooltip(event, html) {
  tooltip.innerHTML = html;
  tooltip.hidden = false;
  const { width, height } = tooltip.getBoundingClientRect();
  const left = event.clientX + 16 + width > innerWidth ? event.clientX - 16 - width : event.clientX + 16;
  const top = Math.min(Math.max(event.clientY - height / 2, 6), innerHeight - height - 6);
  tooltip.style.left = `${Math.max(6, left)}px`;
  tooltip.style.top = `${top}px`;
}
function hideTooltip() { tooltip.hidden = true; }

/** Calls draw(container, width) now and whenever its width or the colour scheme changes. */
const darkScheme = matchMedia('(prefers-color-scheme: dark)');
function responsive(container, draw) {
  let drawn = 0;
  const update = (force) => {
    const width = Math.floor(container.clientWidth);
    if (width > 0 && (force || Math.abs(width - drawn) > 1)) {
      drawn = width;
      draw(container, width);
    }
  };
  new ResizeObserver(() => update(false)).observe(container);
  darkScheme.addEventListener('change', () => update(true));
  return () => update(true);
}

let figureCount = 0, tableCount = 0, idCount = 0;
const nextId = () => `p${++idCount}`;
/** The frame of a figure or table: number and title, then what `fill` adds, then the caption. */
function figure(kind, block, fill) {
  const number = kind === 'Table' ? ++tableCount : ++figureCount;
  const node = make(`<figure><h3><span class="number">${kind} ${number}</span>${esc(block.title)}</h3></figure>`);
  fill(node);
  if (block.caption) node.append(make(`<figcaption>${rich(block.caption)}</figcaption>`));
  return node;
}

/** Legend entries with line or box samples; with `toggle` they are buttons that hide and show. */
function legend(items, toggle) {
  const node = make('<div class="legend"></div>');
  for (const item of items) {
    const sample = item.line
      ? `<svg width="24" height="12"><line x1="1" x2="23" y1="6" y2="6" stroke="${esc(item.colour)}" stroke-width="2.5"${item.dashed ? ' stroke-dasharray="5 3"' : ''}/>${item.points ? `<circle cx="12" cy="6" r="3.5" fill="${esc(item.colour)}"/>` : ''}</svg>`
      : `<i style="background:${esc(item.colour)};border-radius:${item.round || item.points ? '50%' : '2px'}"></i>`;
    const entry = make(toggle ? `<button type="button" aria-pressed="true">${sample}${esc(item.name)}</button>` : `<span>${sample}${esc(item.name)}</span>`);
    if (toggle) {
      entry.addEventListener('click', () => {
        const on = entry.getAttribute('aria-pressed') !== 'true';
        entry.setAttribute('aria-pressed', String(on));
        toggle(item.name, on);
      });
    }
    node.append(entry);
  }
  return node;
}
