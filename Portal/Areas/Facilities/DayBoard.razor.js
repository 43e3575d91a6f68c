// Chooses on a board of hours: a slot by press, drag or arrow keys, and a new place for a booking that is dragged. What is chosen goes to the booking page or to the circuit.
const hour = minute => `${String(Math.floor(minute / 60) % 24).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
const far = 5;

// Where a board is wider than the screen, it begins with what matters: the hour it is, the first booking, today.
export function reveal(root, selector) {
  const target = selector.split(', ').map(one => root.querySelector(one)).find(Boolean);
  if (target && root.scrollWidth > root.clientWidth) root.scrollLeft += target.getBoundingClientRect().left - root.getBoundingClientRect().left - root.clientWidth * .45;
}

export function attach(root, dotnet) {
  const from = () => +root.dataset.from, span = () => +root.dataset.to - from();
  const lines = () => [...root.querySelectorAll('[data-free]')];
  const facts = line => ({ free: JSON.parse(line.dataset.free), slot: +line.dataset.slot, min: +line.dataset.min, max: +line.dataset.max });
  const minuteAt = (line, x) => { const box = line.getBoundingClientRect(); return from() + (x - box.left) / box.width * span(); };

  /* ---- what may be chosen ---- */
  const starts = ({ free, slot, min }) => free.flatMap(([start, end, origin]) => {
    const found = [];
    for (let at = origin + Math.ceil((start - origin) / slot) * slot; at + min <= end; at += slot) found.push({ start: at, end: at + min, limit: end });
    return found;
  });
  // The slot under a minute, or the last of its stretch that still leaves room.
  const under = (line, minute) => {
    const f = facts(line), stretch = f.free.find(([start, end]) => minute >= start && minute < end);
    if (!stretch) return null;
    return starts(f).filter(one => one.start >= stretch[0] && one.limit === stretch[1]).findLast((one, index) => one.start <= minute || index === 0) ?? null;
  };
  const stretched = (line, first, minute) => {
    const { slot, min, max, free } = facts(line), [begins] = free.find(([, end]) => end === first.limit) ?? [first.start];
    if (minute >= first.start) {
      const length = Math.max(min, Math.ceil((minute - first.start) / slot) * slot);
      return { ...first, end: first.start + Math.min(length, max, Math.floor((first.limit - first.start) / slot) * slot) };
    }
    let start = first.start;
    while (start - slot >= begins && start > minute && first.end - (start - slot) <= max) start -= slot;
    return { ...first, start };
  };

  /* ---- showing it ---- */
  const pickOf = line => line.querySelector('.pick');
  const hide = () => root.querySelectorAll('.pick').forEach(pick => { pick.hidden = true; });
  const draw = (line, chosen, kind) => {
    root.querySelectorAll('.pick').forEach(pick => { if (pick !== pickOf(line)) pick.hidden = true; });
    const pick = pickOf(line);
    if (!chosen) { pick.hidden = true; return; }
    const share = minute => Math.min(Math.max((minute - from()) / span(), 0), 1) * 100;
    pick.hidden = false;
    pick.dataset.kind = kind;
    pick.style.left = share(chosen.start) + '%';
    pick.style.width = share(chosen.end) - share(chosen.start) + '%';
    pick.textContent = `${hour(chosen.start)}–${chosen.end === 1440 ? '24:00' : hour(chosen.end)}`;
  };
  const say = (line, chosen) => { root.querySelector('[data-said]').textContent = chosen ? `${line.dataset.name}, ${pickOf(line).textContent}` : line.dataset.name; };
  const book = (line, chosen) => {
    const days = line.dataset.days.split(' '), late = chosen.start >= 1440;
    const start = String(Math.floor(chosen.start / 60) % 24).padStart(2, '0') + ':' + String(chosen.start % 60).padStart(2, '0');
    const url = `${line.dataset.book}?day=${days[late ? 1 : 0]}&start=${encodeURIComponent(start)}&minutes=${chosen.end - chosen.start}`;
    window.Blazor?.navigateTo ? Blazor.navigateTo(url) : location.assign(url);
  };

  /* ---- mouse and pen; a finger scrolls, and its tap is a press ---- */
  let act = null, swallow = false;
  const end = () => { act = null; root.classList.remove('moving'); hide(); };
  root.addEventListener('pointerdown', event => {
    swallow = false;
    if (event.button !== 0 || event.pointerType === 'touch') return;
    const bar = event.target.closest('[data-booking]'), line = event.target.closest('[data-free]');
    if (bar) { act = { bar, x: event.clientX, y: event.clientY, held: minuteAt(line, event.clientX) - +bar.dataset.starts }; return; }
    if (!line || !event.target.closest('.free')) return;
    const first = under(line, minuteAt(line, event.clientX));
    if (!first) return;
    event.preventDefault();
    line.querySelector('.free').focus({ preventScroll: true });
    act = { line, first, chosen: first, x: event.clientX };
    draw(line, first, 'draw');
  });
  root.addEventListener('pointermove', event => {
    if (event.pointerType === 'touch') return;
    if (!act) {
      const line = event.target.closest('.free') && event.target.closest('[data-free]');
      line ? draw(line, under(line, minuteAt(line, event.clientX)), 'hint') : hide();
      return;
    }
    if (act.line) {
      if (Math.abs(event.clientX - act.x) < far) return;
      act.chosen = stretched(act.line, act.first, minuteAt(act.line, event.clientX));
      draw(act.line, act.chosen, 'draw');
      return;
    }
    if (!act.moved && Math.hypot(event.clientX - act.x, event.clientY - act.y) < far) return;
    act.moved = true;
    root.classList.add('moving');
    const target = document.elementFromPoint(event.clientX, event.clientY)?.closest('[data-free]');
    act.to = null;
    if (!target || !root.contains(target)) { hide(); return; }
    const slot = +target.dataset.slot, origin = +target.dataset.origin;
    const start = origin + Math.round((minuteAt(target, event.clientX) - act.held - origin) / slot) * slot;
    act.to = { line: target, start };
    draw(target, { start, end: start + +act.bar.dataset.lasts }, 'move');
  });
  root.addEventListener('pointerleave', () => { if (!act) hide(); });
  const drop = event => {
    if (!act) return;
    const done = act;
    end();
    if (event.type === 'pointercancel') return;
    // The click that follows belongs to what was just done.
    swallow = Boolean(done.line || done.moved);
    if (done.line) book(done.line, done.chosen);
    else if (done.to && (done.to.line !== done.bar.closest('[data-free]') || done.to.start !== +done.bar.dataset.starts)) {
      dotnet.invokeMethodAsync('DropAsync', +done.bar.dataset.booking, +done.to.line.dataset.row, done.to.start);
    }
  };
  const gone = new AbortController();
  for (const type of ['pointerup', 'pointercancel']) {
    document.addEventListener(type, event => { if (!root.isConnected) gone.abort(); else drop(event); }, { signal: gone.signal });
  }
  root.addEventListener('click', event => {
    if (swallow) { swallow = false; event.preventDefault(); event.stopPropagation(); return; }
    const line = event.target.closest('.free') && event.target.closest('[data-free]');
    if (!line) return;
    event.preventDefault();
    event.stopPropagation();
    const chosen = event.detail === 0 ? keyed.get(line) : under(line, minuteAt(line, event.clientX));
    if (chosen) book(line, chosen);
  }, true);

  /* ---- keys: arrows go from slot to slot and from line to line, with Shift they make it longer or shorter, Enter books ---- */
  const keyed = new WeakMap();
  let last = null;
  const choose = (line, chosen) => { if (chosen) { keyed.set(line, chosen); last = chosen.start; } draw(line, chosen, 'draw'); say(line, chosen); };
  const arrive = target => {
    const line = target.matches('.free') && target.closest('[data-free]');
    if (!line || act) return;
    const all = starts(facts(line));
    choose(line, all.find(one => one.start === keyed.get(line)?.start) ? keyed.get(line) : last === null ? all[0] : all.findLast(one => one.start <= last) ?? all[0]);
  };
  root.addEventListener('focusin', event => arrive(event.target));
  root.addEventListener('focusout', event => { if (event.target.matches('.free') && !act) hide(); });
  root.addEventListener('keydown', event => {
    if (event.key === 'Escape' && act) { end(); event.preventDefault(); return; }
    const line = event.target.matches('.free') && event.target.closest('[data-free]');
    if (!line || event.ctrlKey || event.altKey || event.metaKey) return;
    const f = facts(line), all = starts(f), now = keyed.get(line), index = all.findIndex(one => one.start === now?.start);
    const go = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (go && event.shiftKey && now) {
      const length = now.end - now.start + go * f.slot;
      if (length >= f.min && length <= f.max && now.start + length <= now.limit) choose(line, { ...now, end: now.start + length });
    }
    else if (go) choose(line, all[Math.min(Math.max(index + go, 0), all.length - 1)]);
    else if (event.key === 'Home' || event.key === 'End') choose(line, all.at(event.key === 'Home' ? 0 : -1));
    else if (event.key === 'ArrowUp' || event.key === 'ArrowDown') {
      const every = lines();
      every[every.indexOf(line) + (event.key === 'ArrowDown' ? 1 : -1)]?.querySelector('.free').focus();
    }
    else if (event.key === ' ' || event.key === 'Enter') { if (now && all.length) book(line, now); }
    else return;
    event.preventDefault();
    event.stopPropagation();
  });

  // What the keys do is told once they do it; who was on a line before begins where they are.
  root.dataset.keys = '';
  if (root.contains(document.activeElement)) arrive(document.activeElement);
}
