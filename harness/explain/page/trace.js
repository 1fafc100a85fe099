'use strict';
// The page is whole without this. It goes from stop to stop: before the first step, at each step
// that has a row, at the end; and shows how things stand there. Texts go in as text, never as HTML.
(function () {
  const data = JSON.parse(document.getElementById('trace').textContent);
  const at = (id) => document.getElementById(id);
  const last = data.stops.length - 1;
  const moment = { threads: [], things: [], touched: [], fresh: new Map() };
  let here = 0;

  function element(tag, name, text) {
    const e = document.createElement(tag);

    if (name) e.className = name;
    if (text !== undefined) e.textContent = text;
    return e;
  }

  // The stops that can be seen: a step in a closed fold is passed over.
  const rows = data.stops.map((stop) => stop.step && at('step=' + stop.step));
  const ends = Array.from(document.querySelectorAll('.step.last'));
  rows[last] = at('end');
  // Without its name the browser does not go to a row by itself, with the row at the very top.
  rows.forEach((row) => { if (row) row.removeAttribute('id'); });

  function isOpen(stop) {
    return stop <= 0 || stop >= last || !rows[stop].closest('details:not([open])');
  }

  // Changes since the last stop, applied from the beginning when the way goes back.
  function forward(stop) {
    moment.fresh = new Map();
    stop.things.forEach(([thing, value, by, old]) => {
      moment.fresh.set(thing, old);
      moment.touched[thing] = here;
      moment.things[thing] = { value, by };
    });
    stop.locks.forEach(([thing, holders]) => {
      moment.touched[thing] = here;
      moment.things[thing] = { holders };
    });
    stop.at.forEach(([thread, kind, file, line, text, thing]) => {
      moment.threads[thread] = { kind, file, line, text, thing };
    });
  }

  function lane(thread) {
    const column = thread < 0 ? -1 : data.threads[thread].lane;

    return column < 0 ? 'none' : 'lane' + column % 4;
  }

  function tag(thread) {
    return element('span', 'tag ' + lane(thread), data.threads[thread].name);
  }

  // In the margin of the source there is room for a letter or two for each thread, and for three
  // threads; more are counted.
  function marks(threads) {
    if (threads.length > 3) {
      const all = element('b', 'tag none', '\u00d7' + threads.length);

      all.title = threads.map((t) => data.threads[t].name).join(', ');
      return [all];
    }
    return threads.map((thread) => {
      const name = data.threads[thread].name;
      const number = /\d+$/.exec(name);
      const e = element('b', 'tag ' + lane(thread), number ? number[0].slice(-2) : name[0]);

      e.title = name;
      return e;
    });
  }

  function place(file, line) {
    return file === data.file ? 'line ' + line : file + ':' + line;
  }

  const words = { unborn: 'not started yet', ended: 'has ended', ready: 'ready' };

  function threadItem(thread, index) {
    const item = element('li');
    const says = thread.text || words[thread.kind];

    item.append(tag(index), element('span', thread.kind === 'waits' ? 'waits' : 'soft', says));
    if (thread.line && thread.kind !== 'ended') item.append(element('span', 'soft', place(thread.file, thread.line)));
    return item;
  }

  function variableItem(thing, index) {
    const now = moment.things[index];
    const item = element('li', moment.fresh.has(index) && here ? 'changed' : '');
    const value = element('span', 'value');
    const old = moment.fresh.get(index);

    item.append(element('span', 'name', thing.name));
    if (now.by >= 0) item.append(tag(now.by));
    if (here && old && old !== now.value) value.append(element('span', 'old', old + ' \u2192 '));
    value.append(now.value === null ? '?' : now.value);
    item.append(value);
    return item;
  }

  function lockItem(thing, index) {
    const now = moment.things[index];
    const item = element('li');
    const waiting = moment.threads.map((t, i) => (t.thing === index ? i : -1)).filter((i) => i >= 0);

    item.append(element('span', 'name', thing.name));
    if (now.holders && now.holders.length) {
      item.append(element('span', 'soft', 'held by'));
      now.holders.forEach((t) => item.append(tag(t)));
    } else if (now.holders) {
      item.append(element('span', 'soft', 'free'));
    } else if (now.value !== null) {
      item.append(element('span', 'value', now.value));
    }
    if (waiting.length) item.append(element('span', 'waits', waiting.length > 1 ? 'wait:' : 'waits:'));
    waiting.forEach((t) => item.append(tag(t)));
    return item;
  }

  function fill(id, items) {
    at(id).replaceChildren(...items);
    at(id).parentNode.hidden = !items.length;
  }

  // What was touched last, and what the sentence speaks of; always in the same order.
  function touchedThings(most) {
    const known = data.things.map((thing, index) => [thing, index]).filter(([, index]) => moment.things[index]);
    const rank = ([thing, index]) => (thing.key ? 1e9 : 0) + (moment.touched[index] || 0);

    if (known.length <= most) return known;
    const chosen = new Set(known.slice().sort((a, b) => rank(b) - rank(a)).slice(0, most).map(([, index]) => index));
    return known.filter(([, index]) => chosen.has(index));
  }

  // Of a crowd, those who wait or have just had their turn; the others are counted.
  function threadItems() {
    const all = moment.threads.map((thread, index) => [thread, index]);
    const most = 10;

    if (all.length <= most) return all.map(([t, i]) => threadItem(t, i));
    const rank = ([t, i]) => (t.kind === 'waits' ? 1e9 : t.kind === 'ready' ? 1e6 : 0) + (data.stops[here].thread === i ? 1e12 : 0) - i;
    const chosen = all.slice().sort((a, b) => rank(b) - rank(a)).slice(0, most).sort((a, b) => a[1] - b[1]);
    const others = all.filter((one) => !chosen.includes(one));
    const counts = ['waits', 'ready', 'unborn', 'ended'].map((kind) => [others.filter(([t]) => t.kind === kind).length, kind]).filter(([n]) => n);
    const names = { waits: 'waiting', ready: 'ready', unborn: 'not started yet', ended: 'ended' };

    return chosen.map(([t, i]) => threadItem(t, i)).concat(
      element('li', 'soft', 'and ' + others.length + ' more: ' + counts.map(([n, kind]) => n + ' ' + names[kind]).join(', ')));
  }

  function showState() {
    const things = touchedThings(14);

    fill('threads', threadItems());
    fill('variables', things.filter(([t]) => t.kind === 'variable').map(([t, i]) => variableItem(t, i)));
    fill('locks', things.filter(([t]) => t.kind !== 'variable').map(([t, i]) => lockItem(t, i)));
  }

  // Lines by file and number, and those that have something on them now.
  const lines = new Map();
  let marked = [];

  document.querySelectorAll('.source').forEach((figure) => figure.querySelectorAll('.line').forEach((line) => {
    lines.set(figure.dataset.file + ':' + line.lastElementChild.textContent, line);
  }));

  function markLines() {
    const there = new Map();

    moment.threads.forEach((thread, index) => {
      const line = (thread.kind === 'waits' || thread.kind === 'ready') && lines.get(thread.file + ':' + thread.line);

      if (line) there.set(line, (there.get(line) || []).concat(index));
    });
    there.forEach((threads, line) => line.firstElementChild.replaceChildren(...marks(threads)));
    return Array.from(there.keys());
  }

  function showSource() {
    const stop = data.stops[here];
    const current = lines.get(stop.file + ':' + stop.line);

    marked.forEach((line) => {
      line.firstElementChild.replaceChildren();
      line.classList.remove('here');
    });
    marked = markLines();
    if (!current) return;
    marked.push(current);
    current.classList.add('here');
    const box = current.parentNode;
    if (current.offsetTop < box.scrollTop + 24 || current.offsetTop > box.scrollTop + box.clientHeight - 48)
      box.scrollTop = current.offsetTop - box.clientHeight / 2;
  }

  function showNow() {
    const stop = data.stops[here];
    const now = at('now');

    now.replaceChildren();
    if (here === 0) now.append('Before the first step.');
    else if (here === last) now.append('The end.');
    else now.append(element('b', '', 'Step ' + stop.step), ' ', tag(stop.thread), ' ' + stop.what);
    at('first').disabled = at('back').disabled = here === 0;
    at('last').disabled = at('forth').disabled = here === last;
  }

  function showRows(scroll) {
    rows.forEach((row, stop) => {
      if (!row || stop === last) return;
      row.classList.toggle('here', stop === here);
      row.classList.toggle('ahead', stop > here);
    });
    ends.forEach((row) => {
      row.classList.toggle('here', here === last);
      row.classList.toggle('ahead', here !== last);
    });
    if (scroll) show();
  }

  function show() {
    if (rows[here]) rows[here].scrollIntoView({ block: 'nearest' });
    else scrollTo(0, 0);
  }

  function go(stop, scroll = true) {
    const to = Math.min(Math.max(stop, 0), last);

    if (to < here || !moment.threads.length) {
      moment.threads = [];
      moment.things = [];
      moment.touched = [];
      here = 0;
      forward(data.stops[0]);
    }
    while (here < to) forward(data.stops[++here]);
    if (rows[here]) {
      const fold = rows[here].closest('details');
      if (fold) fold.open = true;
    }
    showRows(scroll);
    showState();
    showSource();
    showNow();
    try {
      history.replaceState(null, '', here === 0 ? '#start' : here === last ? '#end' : '#step=' + data.stops[here].step);
    } catch (refused) { /* a sandboxed frame: the page works all the same */ }
  }

  function move(by) {
    let to = here + by;

    while (!isOpen(to)) to += by;
    go(to);
  }

  function moveToKey(by) {
    let to = here + by;

    while (to > 0 && to < last && !rows[to].classList.contains('key')) to += by;
    go(to);
  }

  function fromAddress() {
    const step = /^#step=(\d+)$/.exec(location.hash);

    if (location.hash === '#end') go(last);
    else go(step ? data.stops.findIndex((s) => s.step === Number(step[1])) : 0, Boolean(step));
  }

  const keys = {
    ArrowRight: () => move(1), j: () => move(1), ArrowLeft: () => move(-1), k: () => move(-1),
    Home: () => go(0), End: () => go(last), n: () => moveToKey(1), p: () => moveToKey(-1),
  };

  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !keys[event.key]) return;
    event.preventDefault();
    keys[event.key]();
  });
  at('first').addEventListener('click', () => go(0));
  at('back').addEventListener('click', () => move(-1));
  at('forth').addEventListener('click', () => move(1));
  at('last').addEventListener('click', () => go(last));
  document.querySelectorAll('.step').forEach((row) => row.addEventListener('click', (event) => {
    if (event.target.closest('a')) return;
    go(row.classList.contains('last') ? last : rows.indexOf(row), false);
  }));
  addEventListener('hashchange', fromAddress);

  document.querySelectorAll('[hidden]').forEach((part) => { part.hidden = false; });
  document.body.classList.add('stepping');
  fromAddress();
})();
