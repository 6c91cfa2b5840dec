// Tables, and the table of parameters with the share of each grade of evidence.

function cellHtml(text, column) {
  const [value, interval] = column.numeric ? String(text).split('|') : [String(text)];
  return rich(value) + (interval ? `<span class="interval">${esc(interval)}</span>` : '');
}

function filterRows(rows, words) {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  for (const row of rows) row.hidden = !wanted.every((w) => row.textContent.toLowerCase().includes(w));
}

function table(block) {
  return figure('Table', block, (node) => {
    const head = block.columns.map((c) => `<th class="${c.numeric ? 'n' : ''}" scope="col">${esc(c.name)}${c.unit ? `<span class="unit">${esc(prettyUnit(c.unit))}</span>` : ''}</th>`).join('');
    const body = block.rows.map((row, i) => `<tr>${block.columns.map((c, k) => {
      const swatch = k === 0 && block.colours[i] ? `<span class="swatch" style="background:${esc(block.colours[i])}"></span>` : '';
      return `<td class="${c.numeric ? 'n' : ''}">${swatch}${cellHtml(row[k] ?? '', c)}</td>`;
    }).join('')}</tr>`).join('');
    const view = make(`<div class="scroll${block.rows.length > 25 ? ' tall' : ''}" tabindex="0"><table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div>`);
    if (block.searchable) {
      const tools = make('<div class="tools"><input type="search" placeholder="filter rows" aria-label="filter rows"></div>');
      tools.firstElementChild.addEventListener('input', (e) => filterRows(view.querySelectorAll('tbody tr'), e.target.value));
      node.append(tools);
    }
    node.append(view);
    if (!block.rows.length) view.replaceWith(make('<p class="empty">no rows</p>'));
    if (block.notes.length) node.append(make(`<ul class="notes">${block.notes.map((n) => `<li>${rich(n)}</li>`).join('')}</ul>`));
  });
}

const gradeColours = { found: '#0072B2', computed: '#56B4E9', calibrated: '#009E73', recalled: '#E69F00', assumption: '#D55E00', convention: '#8C8C8C' };
const gradeWords = {
  found: 'read in the cited source', computed: 'follows from cited numbers', calibrated: 'fitted to cited data', recalled: 'from memory of the literature, to be checked',
  assumption: 'assumed, no source', convention: 'a definition or convention',
};

function provenance(block) {
  return figure('Table', block, (node) => {
    const counts = new Map(Object.keys(gradeColours).map((g) => [g, 0]));
    for (const row of block.rows) counts.set(row[3] || 'no grade', (counts.get(row[3] || 'no grade') ?? 0) + 1);
    const grades = [...counts].filter(([, n]) => n > 0), total = block.rows.length || 1;
    const colour = (g) => gradeColours[g] ?? '#5A4632';
    const share = make(`<div class="share" role="img" aria-label="${esc(grades.map(([g, n]) => `${g} ${n}`).join(', '))}">${grades.map(([g, n]) => `<i style="flex:${n} 0 0;background:${colour(g)}" title="${esc(`${g}: ${n}`)}"></i>`).join('')}</div>`);
    const tools = make(`<div class="tools">${grades.map(([g, n]) => `<button type="button" aria-pressed="false" data-grade="${esc(g)}" title="${esc(gradeWords[g] ?? '')}"><i style="background:${colour(g)}"></i>${esc(g)} ${n} (${((100 * n) / total).toFixed(0)} %)</button>`).join('')}<input type="search" placeholder="search name or source" aria-label="search parameters"><span class="shown"></span></div>`);
    const body = block.rows.map(([name, value, unit, grade, source, origin]) => `<tr data-grade="${esc(grade || 'no grade')}"><td class="name">${breakable(name)}</td><td class="n">${esc(value)} ${esc(prettyUnit(unit))}</td><td class="grade"><span class="swatch" style="background:${colour(grade)}"></span>${esc(grade || 'no grade')}</td><td class="source">${esc(source)}${origin ? `<span class="interval">${esc(origin)}</span>` : ''}</td></tr>`).join('');
    const view = make(`<div class="scroll tall" tabindex="0"><table><thead><tr><th scope="col">parameter</th><th class="n" scope="col">value</th><th scope="col">grade</th><th scope="col">source</th></tr></thead><tbody>${body}</tbody></table></div>`);
    const rows = [...view.querySelectorAll('tbody tr')], search = tools.querySelector('input'), wanted = new Set();
    const update = () => {
      filterRows(rows, search.value);
      for (const row of rows) if (wanted.size && !wanted.has(row.dataset.grade)) row.hidden = true;
      tools.querySelector('.shown').textContent = `${rows.filter((r) => !r.hidden).length} of ${rows.length} shown`;
    };
    search.addEventListener('input', update);
    for (const button of tools.querySelectorAll('button')) {
      button.addEventListener('click', () => {
        const grade = button.dataset.grade;
        wanted.has(grade) ? wanted.delete(grade) : wanted.add(grade);
        button.setAttribute('aria-pressed', String(wanted.has(grade)));
        update();
      });
    }
    update();
    node.append(share, tools, view);
  });
}
