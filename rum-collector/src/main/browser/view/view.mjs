// Shows what the collector answers. Text only ever goes in as text.
const METRICS = ['LCP', 'INP', 'CLS', 'FCP', 'TTFB', 'FID', 'first_workout_log', 'model_load', 'graphql_latency', 'offline_sync'];
const GOOD = {LCP: 2500, INP: 200, CLS: 0.1, FCP: 1800, TTFB: 800, FID: 100, first_workout_log: 30000, model_load: 2000, graphql_latency: 200, offline_sync: 5000};
const $ = (id) => document.getElementById(id);
const form = $('choice');
for (const name of METRICS) form.metric.add(new Option(name));
const wanted = new URLSearchParams(location.search);
for (const field of ['source', 'metric', 'group', 'hours']) if (wanted.has(field)) form[field].value = wanted.get(field);
// Page views that are looked at: those with these values only.
const FILTERS = ['route', 'device', 'connection', 'country', 'release', 'navigation'];
const only = {};
for (const field of FILTERS) if (wanted.has(field)) only[field] = wanted.get(field);
const releases = $('releases');
const compared = {base: wanted.get('base'), candidate: wanted.get('candidate')};

const element = (name, text, className) => {
  const e = document.createElement(name);
  if (text !== undefined) e.textContent = text;
  if (className) e.className = className;
  return e;
};
const drawn = (name, attributes, text) => {
  const e = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) e.setAttribute(key, value);
  if (text !== undefined) e.textContent = text;
  return e;
};
const number = (value, unit) => {
  if (!unit) return value.toFixed(3);
  return value >= 10000 ? (value / 1000).toFixed(1) + ' s' : Math.round(value) + ' ms';
};
const percent = (share) => (100 * share).toFixed(share > 0 && share < 0.1 ? 1 : 0) + ' %';

async function ask(path, parameters) {
  const answer = await fetch(path + '?' + new URLSearchParams(parameters));
  const json = await answer.json();
  if (!answer.ok) throw new Error(json.error || 'status ' + answer.status);
  return json;
}

function span() {
  const to = Date.now() + 1000;
  return {from: new Date(to - form.hours.value * 3600e3).toISOString(), to: new Date(to).toISOString()};
}

function shares(row) {
  const svg = drawn('svg', {viewBox: '0 0 200 12', role: 'img',
    'aria-label': `${percent(row.good)} good, ${percent(row.needsImprovement)} middling, ${percent(row.poor)} poor`});
  let x = 0;
  for (const [share, rating] of [[row.good, 'good'], [row.needsImprovement, 'needs-improvement'], [row.poor, 'poor']]) {
    if (share > 0) svg.append(drawn('path', {class: 'bar ' + rating, d: `M${200 * x} 6H${200 * (x + share)}`}));
    x += share;
  }
  return svg;
}

function button(text, act) {
  const b = element('button', text);
  b.type = 'button';
  b.onclick = act;
  return b;
}

function look(dimension, value) {
  if (value === undefined) delete only[dimension];
  else only[dimension] = value;
  changed();
}

function chips() {
  const list = Object.entries(only).map(([dimension, value]) => {
    const chip = button(`${dimension}: ${value}`, () => look(dimension));
    chip.title = 'look at all again';
    return chip;
  });
  $('only').replaceChildren(...(list.length ? list : [element('span', 'Click a value below to look at its page views alone.', 'empty')]));
}

// Those of the filters that an answer is kept by.
const among = (...names) => Object.fromEntries(Object.entries(only).filter(([name]) => names.includes(name)));

function rows(target, list, empty, columns) {
  target.replaceChildren(...list.map((row) => {
    const tr = element('tr');
    for (const cell of columns(row)) {
      const td = element('td');
      td.append(cell);
      tr.append(td);
    }
    return tr;
  }));
  if (!list.length) {
    const td = element('td', empty, 'empty');
    td.colSpan = 6;
    const tr = element('tr');
    tr.append(td);
    target.append(tr);
  }
}

function chart(groups, unit, limit) {
  const width = 900, height = 220, left = 60, bottom = 24;
  const points = groups.map((g) => [Date.parse(g.at), g.p75]);
  if (points.length < 2) return element('p', 'Too few points for a line yet.', 'empty');
  const t0 = points[0][0], t1 = points[points.length - 1][0];
  const top = 1.1 * Math.max(limit, ...points.map((p) => p[1]));
  const x = (t) => left + (width - left - 10) * (t - t0) / (t1 - t0);
  const y = (v) => height - bottom - (height - bottom - 10) * v / top;
  const svg = drawn('svg', {viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': 'p75 over time'});
  for (const v of [0, top / 2, top]) {
    svg.append(drawn('line', {class: 'axis', x1: left, x2: width - 10, y1: y(v), y2: y(v)}));
    svg.append(drawn('text', {x: left - 6, y: y(v) + 4, 'text-anchor': 'end'}, number(v, unit)));
  }
  svg.append(drawn('line', {class: 'limit', x1: left, x2: width - 10, y1: y(limit), y2: y(limit)}));
  svg.append(drawn('text', {x: width - 10, y: y(limit) - 4, 'text-anchor': 'end'}, 'good up to ' + number(limit, unit)));
  svg.append(drawn('polyline', {class: 'line', points: points.map(([t, v]) => `${x(t)},${y(v)}`).join(' ')}));
  const time = (t) => new Date(t).toISOString().slice(5, 16).replace('T', ' ');
  svg.append(drawn('text', {x: left, y: height - 6}, time(t0) + ' UTC'));
  svg.append(drawn('text', {x: width - 10, y: height - 6, 'text-anchor': 'end'}, time(t1)));
  return svg;
}

// The two with the most page views, unless others were chosen; the older name first.
function offer(groups) {
  const known = groups.filter((g) => g.release && g.release !== '(other)').sort((a, b) => b.count - a.count);
  const names = known.map((g) => g.release);
  const order = new Intl.Collator('en', {numeric: true}).compare;
  const [older, newer] = names.slice(0, 2).sort(order);
  for (const [field, value] of [['base', compared.base || older], ['candidate', compared.candidate || newer]]) {
    const all = [...new Set([...names, ...(value ? [value] : [])])].sort(order);
    // Not each time: the list may be open.
    if ([...releases[field].options].map((option) => option.value).join('\n') !== all.join('\n'))
      releases[field].replaceChildren(...all.map((name) => new Option(name)));
    releases[field].value = value || '';
  }
}

async function compare(metric, source, times) {
  const base = releases.base.value, candidate = releases.candidate.value;
  if (!base || !candidate || base === candidate) {
    $('verdict').textContent = '';
    rows($('compare'), [], 'Two releases are needed: pages tell theirs as HeadroomRum.init({release}).', () => []);
    return;
  }
  const asked = {base, candidate, source, metric: [...new Set(['LCP', 'INP', 'CLS', metric])], ...times, ...among('route', 'navigation', 'device', 'connection')};
  const answer = await ask('/v1/compare', asked);
  $('verdict').textContent = `${candidate} against ${base}: ${answer.verdict}`;
  $('verdict').className = {regressed: 'poor', fine: 'good'}[answer.verdict] || 'needs-improvement';
  rows($('compare'), answer.metrics, '', (m) => [m.metric, m.baseViews, m.candidateViews,
    m.baseP75 === undefined ? '' : number(m.baseP75, m.unit), m.candidateP75 === undefined ? '' : number(m.candidateP75, m.unit), m.summary]);
}

let asked = 0;
async function refresh() {
  const turn = ++asked;
  const metric = form.metric.value, source = form.source.value, group = form.group.value;
  try {
    const times = span(), all = {metric, source, ...times};
    const apart = among('route', 'navigation');
    const [groups, over, culprits, slowest, byRelease] = await Promise.all([
      ask('/v1/query', {...all, ...only, group}),
      ask('/v1/query', {...all, ...only, step: form.hours.value > 24 ? 'hour' : 'minute'}),
      ask('/v1/culprits', {...all, ...apart}),
      ask('/v1/slowest', {metric, source, ...apart}),
      ask('/v1/query', {...all, group: 'release'})
    ]);
    if (turn !== asked) return;
    chips();
    const wide = Object.keys(only).some((name) => !(name in apart)) ? ' (kept by route and navigation only)' : '';
    $('culprits-h').textContent = 'Elements to blame' + wide;
    $('slowest-h').textContent = 'Slowest of the last hour, with their trace' + wide;
    offer(byRelease.groups);
    await compare(metric, source, times).catch((problem) => {
      $('verdict').textContent = '';
      rows($('compare'), [], problem.message, () => []);
    });
    if (turn !== asked) return;
    $('by').textContent = group;
    rows($('groups'), [...groups.groups].sort((a, b) => b.count - a.count).slice(0, 30), 'No page views yet.', (row) =>
      [row[group] ? button(row[group], () => look(group, row[group])) : '(none)', row.count, element('span', number(row.p75, groups.unit), row.rating), shares(row)]);
    $('over').replaceChildren(chart(over.groups, over.unit, GOOD[metric]));
    rows($('culprits'), culprits.elements, 'No elements told yet.', (row) =>
      [element('code', row.target), row.route, row.poorPageViews, percent(row.shareOfPoor)]);
    rows($('slowest'), slowest.slice(0, 20), 'No page view of the last hour named its trace.', (row) =>
      [row.at.slice(11, 19), row.route, number(row.value, groups.unit), element('code', row.target), element('code', row.traceId)]);
    document.body.dataset.ready = 'yes';
  } catch (problem) {
    $('state').textContent = 'The collector does not answer: ' + problem.message;
  }
}

const live = new EventSource('/v1/live');
live.onmessage = (message) => {
  const event = JSON.parse(message.data);
  $('state').textContent = `${event.beaconsPerSecond} beacons a second, ${event.beaconsReceived} since the start · ${event.at.slice(11, 19)} UTC`;
  const metrics = event[form.source.value] || {};
  const tiles = Object.entries(metrics).map(([name, m]) => {
    const tile = element('div', undefined, 'tile');
    const burn = form.source.value === 'field' && event.burn[name] !== undefined ? ` · budget burns ${event.burn[name].toFixed(2)}×` : '';
    tile.append(element('small', name), element('b', number(m.p75, m.unit), m.rating),
      element('small', `${m.count} views, ${percent(m.poor)} poor${burn}`));
    return tile;
  });
  $('live').replaceChildren(...(tiles.length ? tiles : [element('p', 'Nobody in the last five minutes.', 'empty')]));
};
live.onerror = () => { $('state').textContent = 'not connected: trying again'; };
function changed() {
  const chosen = {...Object.fromEntries(new FormData(form)), ...only};
  for (const field of ['base', 'candidate']) if (compared[field]) chosen[field] = compared[field];
  history.replaceState(null, '', '?' + new URLSearchParams(chosen));
  refresh();
}
form.onchange = changed;
releases.onchange = () => {
  compared.base = releases.base.value;
  compared.candidate = releases.candidate.value;
  changed();
};
refresh();
setInterval(refresh, 15000);
