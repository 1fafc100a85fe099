'use strict';
// Draws the dashboard from the data in the page. Every text goes through textContent or an
// attribute, never through markup: names and messages come from anybody.
(function () {
  const data = JSON.parse(document.getElementById('data').textContent);
  const $ = (id) => document.getElementById(id);
  const PASS = data.verdicts.findIndex((v) => v[0] === 'PASS');
  const QUIET = ['NOT_RUN', 'NOT_IMPLEMENTED'];
  const BINS = 20;
  const PAGE = 150; // rows that are drawn at a time

  const look = data.verdicts.map(([name]) => name === 'PASS' ? 'good'
    : name === 'HARNESS_ERROR' ? 'ours' : QUIET.includes(name) ? 'quiet' : 'bad');
  const words = data.verdicts.map(([name]) => name.replace(/_/g, ' '));

  const students = data.students.map(([name, page, score, max, error, verdicts, scores], index) => ({
    name, page, score, max, error, verdicts, scores, index,
    graded: score !== null && max > 0,
    part: score !== null && max > 0 ? Math.min(1, Math.max(0, score / max)) : -1,
    lower: name.toLowerCase(),
  }));
  const graded = students.filter((s) => s.graded);
  const ungraded = students.filter((s) => !s.graded);
  const empty = students.filter((s) => s.graded && s.error);

  function make(tag, className, text) {
    const element = document.createElement(tag);
    if (className) element.className = className;
    if (text !== undefined) element.textContent = text;
    return element;
  }

  function draw(tag, attributes) {
    const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
    for (const key in attributes) element.setAttribute(key, attributes[key]);
    return element;
  }

  function titled(element, text) {
    const title = draw('title', {});
    title.textContent = text;
    element.append(title);
    return element;
  }

  const number = (n) => String(Math.round(n * 100) / 100);
  const percent = (part) => Math.round(100 * part) + '\u00a0%';
  const many = (n, noun) => n.toLocaleString('en') + ' ' + noun + (n === 1 ? '' : 's');
  const verdictAt = (student, check) => student.verdicts.charCodeAt(check) - 65; // '.' is negative

  function link(student) {
    if (!student.page || !data.pages) return make('span', '', student.name);
    const a = make('a', '', student.name);
    a.href = encodeURI(data.pages) + '/' + encodeURIComponent(student.page);
    return a;
  }

  // What `backticks` enclose is code, here as in the other reports.
  function prose(element, text) {
    text.split(/`([^`]+)`/).forEach((part, i) => element.append(i % 2 ? make('code', '', part) : part));
    return element;
  }

  function list(members) {
    const ul = make('ul', 'who');
    members.forEach((s) => { const li = make('li'); li.append(link(s)); ul.append(li); });
    return ul;
  }

  // A list that is drawn when it is opened, for thousands of names cost time.
  function folded(label, members) {
    const details = make('details');
    details.append(make('summary', '', label));
    details.addEventListener('toggle', () => {
      if (details.open && !details.querySelector('ul')) details.append(list(members));
    });
    return details;
  }

  /* Not graded, and nothing to grade, by reason. */

  function drawReasons(section, who) {
    const reasons = new Map();

    who.forEach((s) => {
      const reason = s.error || 'nothing in it can earn points';
      if (!reasons.has(reason)) reasons.set(reason, []);
      reasons.get(reason).push(s);
    });
    section.hidden = who.length === 0;
    section.querySelector('.count').textContent = many(who.length, 'submission');
    Array.from(reasons).sort((a, b) => b[1].length - a[1].length).forEach(([reason, members]) => {
      const div = make('div', 'reason');
      div.append(prose(make('p'), reason));
      div.append(members.length <= 12 ? list(members) : folded(many(members.length, 'submission'), members));
      section.querySelector('.reasons').append(div);
    });
  }

  /* The distribution of scores. */

  const binOf = (s) => Math.min(BINS - 1, Math.floor(s.part * BINS + 1e-9));

  function median() {
    const parts = graded.map((s) => s.part).sort((a, b) => a - b);
    const n = parts.length;
    return n ? (parts[(n - 1) >> 1] + parts[n >> 1]) / 2 : 0;
  }

  function drawBin(count, bin, most) {
    const height = count ? Math.max(2, 125 * count / most) : 0;
    const from = 100 * bin / BINS;
    const label = `${many(count, 'submission')} from ${from} to ${from + 100 / BINS} %`;
    const g = draw('g', { class: 'bin', role: 'button', tabindex: count ? 0 : -1, 'aria-label': label });

    g.append(draw('rect', { class: 'hit', x: from + '%', y: 0, width: 100 / BINS + '%', height: 150 }));
    g.append(draw('rect', { class: 'column', x: from + 0.3 + '%', y: 150 - height, width: 100 / BINS - 0.6 + '%', height, rx: 1.5 }));
    if (count) {
      const text = draw('text', { x: from + 50 / BINS + '%', y: 144 - height, 'text-anchor': 'middle' });
      text.textContent = count;
      g.append(text);
    }
    const choose = () => count && pick({ text: `score from ${from} to ${from + 100 / BINS} %`,
      keep: (s) => s.graded && binOf(s) === bin, element: g });
    g.addEventListener('click', choose);
    g.addEventListener('keydown', (e) => { if (e.key === 'Enter' || e.key === ' ') { e.preventDefault(); choose(); } });
    return titled(g, label);
  }

  function drawScores() {
    const counts = new Array(BINS).fill(0);
    const svg = $('histogram');

    graded.forEach((s) => { counts[binOf(s)]++; });
    $('scores').hidden = graded.length === 0;
    if (!graded.length) return;
    $('facts').textContent = `${many(graded.length, 'submission')} graded, ` +
      `median ${percent(median())}, mean ${percent(graded.reduce((sum, s) => sum + s.part, 0) / graded.length)}`;
    counts.forEach((count, bin) => svg.append(drawBin(count, bin, Math.max(...counts))));
    svg.append(draw('line', { class: 'axis', x1: 0, x2: '100%', y1: 150.5, y2: 150.5 }));
    svg.append(titled(draw('line', { class: 'median', x1: 100 * median() + '%', x2: 100 * median() + '%', y1: 0, y2: 150 }), 'median'));
    [0, 25, 50, 75, 100].forEach((p) => {
      const text = draw('text', { x: p + '%', y: 168, 'text-anchor': p === 0 ? 'start' : p === 100 ? 'end' : 'middle' });
      text.textContent = p + ' %';
      svg.append(text);
    });
  }

  /* Pass rates, folded by exercise. */

  function tally(check) {
    const counts = new Array(data.verdicts.length).fill(0);
    students.forEach((s) => { const v = verdictAt(s, check); if (v >= 0) counts[v]++; });
    return counts;
  }

  // What passed first, then what failed, then what was not tried: one rectangle for each verdict.
  function stack(counts, onPick) {
    const svg = draw('svg', { class: 'stack', 'aria-hidden': 'true' });
    const total = counts.reduce((a, b) => a + b, 0);
    const order = ['good', 'bad', 'ours', 'quiet'];
    let x = 0;

    counts.map((count, v) => [count, v]).filter(([count]) => count)
      .sort((a, b) => order.indexOf(look[a[1]]) - order.indexOf(look[b[1]]) || b[0] - a[0])
      .forEach(([count, v]) => {
        const width = 100 * count / total;
        const rect = draw('rect', { class: look[v], x: x + '%', width: Math.max(0.2, width - 0.25) + '%', height: '100%' });
        if (onPick) rect.addEventListener('click', () => onPick(v));
        svg.append(titled(rect, `${words[v]}: ${count} of ${total}`));
        x += width;
      });
    return svg;
  }

  function rate(counts) {
    const total = counts.reduce((a, b) => a + b, 0);
    return make('span', 'number', total ? percent(counts[PASS] / total) : '');
  }

  function drawCheck([, test, tool, title], check, counts) {
    const row = make('div', 'check row');
    const name = make('span');
    const button = make('button', 'missed', title);

    button.type = 'button';
    button.title = 'Show those who do not pass this';
    button.addEventListener('click', () => pick({ text: `not passed: ${title}`,
      keep: (s) => verdictAt(s, check) >= 0 && verdictAt(s, check) !== PASS, jump: true }));
    name.append(button, make('span', 'tool', tool));
    row.append(name, stack(counts, (v) => pick({ text: `${words[v]}: ${title}`,
      keep: (s) => verdictAt(s, check) === v })), rate(counts));
    row.title = test;
    return row;
  }

  function drawChecks() {
    $('checks').hidden = data.checks.length === 0;
    data.exercises.forEach(([id, title], exercise) => {
      const details = make('details', 'exercise');
      const summary = make('summary');
      const row = make('div', 'row');
      const name = make('span', '', id);
      const sum = new Array(data.verdicts.length).fill(0);
      const rows = [];

      data.checks.forEach((c, check) => {
        if (c[0] !== exercise) return;
        const counts = tally(check);
        counts.forEach((n, v) => { sum[v] += n; });
        rows.push([c, check, counts]);
      });
      if (title) name.append(make('span', 'about', title));
      row.append(name, stack(sum), rate(sum));
      summary.append(row);
      details.append(summary);
      details.addEventListener('toggle', () => {
        if (details.open && !details.querySelector('.check'))
          rows.forEach((r) => details.append(drawCheck(...r)));
      });
      $('exercises').append(details);
    });
  }

  /* Failures that students share. */

  function drawGroup([exercise, check, verdict, message, members, varied]) {
    const [, test, tool, title] = check < 0 ? [] : data.checks[check];
    const id = data.exercises[exercise][0];
    const name = title || id;
    const li = make('li', 'group');
    const count = make('button', 'many', members.length);
    const body = make('div');
    const head = make('div');
    const who = new Set(members);

    count.type = 'button';
    count.title = 'Show these students below';
    count.setAttribute('aria-label', `Show the ${many(members.length, 'student')} below`);
    count.addEventListener('click', () => pick({ text: `${words[verdict]}: ${name}`,
      keep: (s) => who.has(s.index), jump: true }));
    const label = make('span', 'verdict ' + look[verdict], words[verdict]);
    label.title = data.verdicts[verdict][1];
    head.append(label, ' ', name, make('span', 'id', check < 0 ? 'in every check' : `${id}/${test}@${tool}`));
    body.append(head);
    if (message) {
      const text = make('div', 'message');
      if (varied) text.append(make('span', 'of', 'such as: '));
      body.append(prose(text, message));
    }
    body.append(folded(many(members.length, 'student'), members.map((i) => students[i])));
    li.append(count, body);
    return li;
  }

  let groupsShown = 0;

  function moreGroups() {
    const next = data.failures.slice(groupsShown, groupsShown + (groupsShown ? 40 : 8));
    $('groups').append(...next.map(drawGroup));
    groupsShown += next.length;
    $('more-groups').hidden = groupsShown === data.failures.length;
  }

  /* The students' table: filtered, sorted, drawn a page at a time as it is scrolled to. */

  const byName = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });
  const rank = new Map();
  const tbody = $('rows').tBodies[0];
  let picked = null;
  let order = 'name';
  let falling = false;
  let current = [];
  let drawn = 0;

  function ranks() {
    if (!rank.size)
      students.slice().sort((a, b) => byName.compare(a.name, b.name) || a.index - b.index)
        .forEach((s, i) => rank.set(s.index, i));
    return rank;
  }

  function value(s) {
    if (order === 'name') return 0;
    if (order === 'score') return s.part;
    const score = s.scores[Number(order)];
    return score === null || score === undefined ? -1 : score;
  }

  const states = {
    '': () => true,
    graded: (s) => s.graded,
    ungraded: (s) => !s.graded,
    full: (s) => s.part >= 1,
    zero: (s) => s.part === 0,
  };

  function cells(s) {
    const svg = draw('svg', { class: 'cells', width: 9 * data.exercises.length, role: 'img' });
    const label = [];

    data.exercises.forEach(([id, , max], i) => {
      const score = s.scores[i];
      const part = score === null || score === undefined || !(max > 0) ? -1 : Math.min(1, Math.max(0, score / max));
      const rect = draw('rect', { x: 9 * i, width: 7.5, height: '100%', rx: 1.5 });

      if (part <= 0) rect.setAttribute('class', part < 0 ? 'none' : 'zero');
      else rect.setAttribute('opacity', (0.25 + 0.75 * part).toFixed(2));
      label.push(part < 0 ? '' : `${id} ${number(score)} of ${number(max)}`);
      svg.append(titled(rect, part < 0 ? `${id}: none` : `${id}: ${number(score)} of ${number(max)}`));
    });
    svg.setAttribute('aria-label', label.filter(Boolean).join(', '));
    return svg;
  }

  function bar(part) {
    const svg = draw('svg', { class: 'bar good', 'aria-hidden': 'true' });
    svg.append(draw('rect', { class: 'fill', width: 100 * part + '%', height: '100%' }));
    return svg;
  }

  function drawRow(s) {
    const tr = make('tr');
    const name = make('td');
    const score = make('td', 'number');
    const share = make('td', 'share');
    const strip = make('td', 'strip');

    name.append(link(s));
    if (s.graded) {
      score.append(number(s.score), make('span', 'of', ' / ' + number(s.max)));
      share.append(bar(s.part));
      strip.append(cells(s));
      tr.append(name, score, share, strip);
    } else {
      const why = prose(make('td', 'why'), s.error);
      why.colSpan = 3;
      tr.append(name, why);
    }
    return tr;
  }

  function more() {
    const next = current.slice(drawn, drawn + PAGE);
    const rows = document.createDocumentFragment();

    next.forEach((s) => rows.append(drawRow(s)));
    tbody.append(rows);
    drawn += next.length;
    $('end').hidden = drawn === current.length;
    $('end').textContent = `${many(current.length - drawn, 'row')} more …`;
  }

  function refresh() {
    const find = $('find').value.trim().toLowerCase();
    const state = states[$('state').value];
    const place = ranks();

    current = students.filter((s) => state(s) && (!picked || picked.keep(s)) && s.lower.includes(find));
    current.sort((a, b) => (falling ? value(b) - value(a) : value(a) - value(b)) ||
      (falling && order === 'name' ? place.get(b.index) - place.get(a.index) : place.get(a.index) - place.get(b.index)));
    $('shown').textContent = current.length === students.length ? many(students.length, 'submission')
      : `${current.length.toLocaleString('en')} of ${many(students.length, 'submission')}`;
    $('chosen').hidden = !picked;
    $('chosen').textContent = picked ? picked.text : '';
    document.querySelectorAll('.sort').forEach((button) => {
      const th = button.closest('th');
      if (button.dataset.order === order) th.setAttribute('aria-sort', falling ? 'descending' : 'ascending');
      else th.removeAttribute('aria-sort');
    });
    $('order').value = order + (falling ? '-' : '');
    tbody.replaceChildren();
    drawn = 0;
    more();
  }

  // Shows only some students; picking the same again shows everybody.
  function pick(choice) {
    if (picked && picked.element) picked.element.classList.remove('chosen');
    picked = choice && picked && choice.text === picked.text ? null : choice;
    if (picked && picked.element) picked.element.classList.add('chosen');
    refresh();
    if (picked && picked.jump) $('students').scrollIntoView();
  }

  function sortBy(wanted, falls) {
    order = wanted;
    falling = falls;
    refresh();
  }

  function drawOrders() {
    const add = (text, chosen) => { const o = make('option', '', text); o.value = chosen; $('order').append(o); };

    add('name', 'name');
    add('name, from the end', 'name-');
    add('lowest score first', 'score');
    add('highest score first', 'score-');
    data.exercises.forEach(([id], i) => add(`lowest in ${id}`, String(i)));
    $('order').addEventListener('change', () => {
      const chosen = $('order').value;
      sortBy(chosen.replace(/-$/, ''), chosen.endsWith('-'));
    });
    document.querySelectorAll('.sort').forEach((button) => button.addEventListener('click',
      () => sortBy(button.dataset.order, order === button.dataset.order && !falling)));
  }

  function step(by) {
    const links = Array.from(tbody.querySelectorAll('a'));
    const here = links.indexOf(document.activeElement);

    if (here + by >= links.length - 1) more();
    const next = tbody.querySelectorAll('a')[here < 0 ? 0 : here + by];
    if (next) next.focus();
  }

  document.addEventListener('keydown', (event) => {
    const typing = event.target.closest('input, select');

    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Escape') {
      $('find').value = '';
      $('state').value = '';
      pick(null);
    }
    if (typing) return;
    if (event.key === '/') {
      event.preventDefault();
      $('find').focus();
    }
    if (event.key === 'j') step(1);
    if (event.key === 'k') step(-1);
  });

  drawReasons($('ungraded'), ungraded);
  drawReasons($('nothing'), empty);
  drawScores();
  drawChecks();
  $('failures').hidden = data.failures.length === 0;
  moreGroups();
  $('more-groups').addEventListener('click', moreGroups);
  drawOrders();
  $('students').hidden = false;
  refresh();
  $('find').addEventListener('input', refresh);
  $('state').addEventListener('change', refresh);
  $('chosen').addEventListener('click', () => pick(null));
  $('filters').addEventListener('submit', (event) => event.preventDefault());
  new IntersectionObserver((seen) => { if (seen.some((e) => e.isIntersecting)) more(); },
    { rootMargin: '600px' }).observe($('end'));
  addEventListener('beforeprint', () => {
    while (drawn < current.length) more();
    document.querySelectorAll('#ungraded details').forEach((d) => { // paper cannot be unfolded
      d.open = true;
      d.dispatchEvent(new Event('toggle'));
    });
  });
  addEventListener('pageshow', (event) => { if (event.persisted || $('find').value) refresh(); });
})();
