// What the screens need of the browser and no more: keys, menus, list forms, dialogs, toasts and the connection's panel.
// Everything is delegated from the document, so that parts drawn later by the circuit need no wiring.
(() => {
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const year = 31536000;
  // Over https the portal takes cookies of this name alone.
  const [host, only] = location.protocol === 'https:' ? ['__Host-', ';secure'] : ['', ''];
  const setCookie = (name, value) => {
    document.cookie = `${host}${name}=${value === null ? '' : encodeURIComponent(value)};path=/;samesite=lax;max-age=${value === null ? 0 : year}${only}`;
  };
  // Who leaves takes what they typed and did not send along: who signs in here next is perhaps another.
  if (location.pathname === '/sign-in' && new URLSearchParams(location.search).get('after') === 'left') {
    try {
      for (const key of Object.keys(localStorage)) if (key.startsWith('pqrs-') || key.startsWith('register-')) localStorage.removeItem(key);
    } catch { /* Where nothing may be kept there is nothing. */ }
  }
  const go = (url, options) => (window.Blazor?.navigateTo ? Blazor.navigateTo(url, options || {}) : location.assign(url));

  /* ---- theme, language, skip link ---- */
  const here = link => {
    const url = new URL(link.href);
    if (url.searchParams.has('return')) url.searchParams.set('return', location.pathname + location.search);
    return url;
  };
  // A field in a part that is folded is unfolded first.
  const focusOn = id => {
    const field = document.getElementById(id);
    for (let fold = field?.closest('details:not([open])'); fold; fold = fold.parentElement.closest('details:not([open])')) fold.open = true;
    field?.focus();
  };
  document.addEventListener('click', event => {
    const link = event.target.closest('a[data-full], a.skip, a[data-focus]');
    if (!link || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    event.stopPropagation();
    if (link.classList.contains('skip')) { $('#main')?.focus(); return; }
    if (link.dataset.focus) { focusOn(link.dataset.focus); return; }
    if (link.dataset.themeTo) { setCookie('theme', link.dataset.themeTo); window.vhTheme?.(); closeMenus(); return; }
    location.assign(here(link));
  }, true);

  /* ---- menus: details.menu opens one at a time, floats over what would cut it, closes on Esc and outside ---- */
  const closeMenus = except => $$('details.menu[open]').forEach(menu => { if (menu !== except && !menu.contains(except)) menu.open = false; });
  const place = menu => {
    const pop = $(':scope > .pop', menu), summary = $(':scope > summary', menu);
    if (pop && !menu.classList.contains('sheet')) placeAt(pop, summary);
  };
  const placeAt = (pop, button) => {
    const at = button.getBoundingClientRect(), width = pop.offsetWidth, height = pop.offsetHeight, edge = 8;
    const start = pop.classList.contains('pop-start');
    const left = Math.max(edge, Math.min(start ? at.left : at.right - width, innerWidth - width - edge));
    const below = at.bottom + 4, above = at.top - height - 4;
    const top = pop.classList.contains('pop-up') || (below + height > innerHeight - edge && above > edge) ? Math.max(edge, above) : below;
    Object.assign(pop.style, { position: 'fixed', left: left + 'px', top: top + 'px', right: 'auto', bottom: 'auto', maxHeight: innerHeight - top - edge + 'px' });
  };
  document.addEventListener('toggle', event => {
    const menu = event.target;
    if (menu.matches?.('details.menu') && menu.open) { closeMenus(menu); place(menu); }
    else if (menu.matches?.('.pop details')) { const outer = menu.closest('details.menu'); if (outer) place(outer); }
  }, true);
  document.addEventListener('click', event => {
    const menu = event.target.closest('details.menu');
    closeMenus(menu || undefined);
    if (menu && event.target.closest('.pop') && event.target.closest('a, [data-menu-close], .pop-list button')) menu.open = false;
  });
  // A phone's keyboard resizes and scrolls the page: a menu in which somebody types moves along instead of closing.
  const settle = () => { const rows = openRowMenu(); if (rows) placeAt(rows, dots); $$('details.menu[open]').forEach(menu => { if ($(':scope > .pop', menu)?.contains(document.activeElement)) place(menu); else menu.open = false; }); };
  addEventListener('resize', settle);
  document.addEventListener('scroll', event => { if (!event.target.closest?.('.pop')) settle(); }, true);

  /* ---- the menu of a list's rows: one for all, drawn by the circuit for the row whose dots were pressed; Esc and a press outside are the browser's ---- */
  let dots;
  const openRowMenu = () => $('.row-menu:popover-open');
  document.addEventListener('pointerdown', event => { const button = event.target.closest('.rowdots'); if (button) button.wasOpen = button === dots && !!openRowMenu(); }, true);
  document.addEventListener('click', event => {
    const button = event.target.closest('.rowdots');
    if (!button) { if (event.target.closest('.row-menu :is(a, button)')) openRowMenu()?.hidePopover(); return; }
    // The press that closed it (the browser did) does not open it again.
    if (button.wasOpen) { button.wasOpen = false; event.stopPropagation(); return; }
    dots = button;
  }, true);
  const rowMenu = id => {
    const menu = document.getElementById(id), items = menu ? $$('a, button', menu) : [];
    if (!dots?.isConnected || !items.length) return;
    const button = dots;
    for (const item of items) { item.setAttribute('role', 'menuitem'); item.tabIndex = -1; }
    menu.addEventListener('toggle', event => button.setAttribute('aria-expanded', String(event.newState === 'open')));
    menu.showPopover();
    placeAt(menu, button);
    items.find(item => !item.disabled)?.focus();
  };
  document.addEventListener('keydown', event => {
    const menu = event.target.closest?.('.row-menu');
    if (!menu) return;
    if (event.key === 'Tab') { menu.hidePopover(); return; }
    const items = $$('a, button:not(:disabled)', menu), index = items.indexOf(event.target), last = items.length - 1;
    const to = { ArrowDown: index < last ? index + 1 : 0, ArrowUp: index > 0 ? index - 1 : last, Home: 0, End: last }[event.key];
    if (to !== undefined) { event.preventDefault(); event.stopPropagation(); items[to]?.focus(); }
  }, true);

  /* ---- list forms: plain GET forms become navigations of the circuit ---- */
  const address = form => {
    const parts = new Map();
    for (const [name, value] of new FormData(form)) {
      if (typeof value === 'string' && value.trim()) parts.set(name, parts.has(name) ? parts.get(name) + ',' + value.trim() : value.trim());
    }
    const query = [...parts].map(([name, value]) => `${name}=${encodeURIComponent(value).replaceAll('%2C', ',')}`).join('&');
    return form.getAttribute('action') + (query ? '?' + query : '');
  };
  document.addEventListener('submit', event => {
    const form = event.target.closest('form[data-list]');
    if (!form || !window.Blazor?.navigateTo) return;
    event.preventDefault();
    closeMenus();
    go(address(form));
  });
  let typing;
  document.addEventListener('input', event => {
    const box = event.target.closest('[data-list-search]');
    if (!box) return;
    clearTimeout(typing);
    typing = setTimeout(() => go(address(box.form), { replaceHistoryEntry: true, historyEntryState: 'typing' }), 300);
  });

  /* ---- rows: click or Enter opens, arrows move ---- */
  const rowsOf = row => $$('tbody tr[data-href]', row.closest('table'));
  document.addEventListener('click', event => {
    const row = event.target.closest('tr[data-href]');
    if (!row || event.defaultPrevented || event.target.closest('a, button, input, label, select, summary, details') || String(getSelection())) return;
    if (event.ctrlKey || event.metaKey) window.open(row.dataset.href, '_blank', 'noopener');
    else go(row.dataset.href);
  });

  /* ---- keys ---- */
  const inField = target => target.closest?.('input, textarea, select, [contenteditable="true"]');
  document.addEventListener('keydown', event => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === 'k') { event.preventDefault(); $('#palette-open')?.click(); return; }
    if (event.target.closest?.('[data-combobox]') && (event.key === 'ArrowUp' || event.key === 'ArrowDown' || (event.key === 'Enter' && event.target.getAttribute('aria-expanded') === 'true'))) { event.preventDefault(); return; }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Escape') {
      const open = $('details.menu[open]');
      if (open) { event.preventDefault(); open.open = false; $('summary', open).focus(); }
      return;
    }
    const row = event.target.closest?.('tr[data-href]');
    if (row && event.target === row) {
      const rows = rowsOf(row), index = rows.indexOf(row);
      if (event.key === 'ArrowDown' || event.key === 'ArrowUp') { event.preventDefault(); rows[index + (event.key === 'ArrowDown' ? 1 : -1)]?.focus(); return; }
      if (event.key === 'Home' || event.key === 'End') { event.preventDefault(); rows.at(event.key === 'Home' ? 0 : -1)?.focus(); return; }
      if (event.key === 'Enter') { go(row.dataset.href); return; }
    }
    // Tables of buttons: one Tab stop, arrows within.
    const cell = event.target.closest?.('table[data-roving] td');
    if (cell) {
      const line = cell.parentElement, rows = [...line.parentElement.rows], column = cell.cellIndex;
      const [down, right] = { ArrowDown: [1, 0], ArrowUp: [-1, 0], ArrowRight: [0, 1], ArrowLeft: [0, -1] }[event.key] || [0, 0];
      const to = event.key === 'Home' ? $('td', line) : rows[rows.indexOf(line) + down]?.cells[column + right];
      if (down || right || event.key === 'Home') { event.preventDefault(); to && $('button', to)?.focus(); return; }
    }
    if (inField(event.target)) {
      if (event.key === 'ArrowDown' && event.target.matches('[data-list-search]')) { event.preventDefault(); $('tr[data-href]', event.target.closest('.list'))?.focus(); }
      return;
    }
    if (event.key === '/') { const box = $('[data-list-search]'); if (box) { event.preventDefault(); box.focus(); box.select(); } return; }
    if (event.key === 'ArrowDown' && (event.target === document.body || event.target.matches('#main, section.list'))) { const first = $('tr[data-href]'); if (first) { event.preventDefault(); first.focus(); } return; }
    // Shortcuts that a page shows on its own buttons: <kbd> with data-key.
    if (!$('.mud-dialog')) { const button = $$('[data-key]').find(one => one.dataset.key.toLowerCase() === event.key.toLowerCase() && !one.disabled); if (button) { event.preventDefault(); button.click(); } }
  });
  // Keys of the gate terminal, also while typing: <button data-hotkey="F2">, "Alt+3", "Escape".
  document.addEventListener('keydown', event => {
    if ($('.mud-dialog')) return;
    const key = (event.altKey ? 'Alt+' : '') + (event.altKey && /^Digit\d$/.test(event.code) ? event.code[5] : event.key);
    if (key === 'Enter') return;
    const button = $$('[data-hotkey]').find(one => one.dataset.hotkey === key && !one.disabled);
    if (button) { event.preventDefault(); button.click(); }
  });
  document.addEventListener('click', event => { if (event.target.closest('[data-palette-open]')) $('#palette-open')?.click(); });

  /* ---- passwords, reloads ---- */
  // The circuit itself where the server still has it, else a new one with what the old one had kept.
  const rejoin = async () => await window.Blazor?.reconnect?.() || await window.Blazor?.resumeCircuit?.();
  document.addEventListener('click', event => {
    const eye = event.target.closest('[data-show-password]');
    if (eye) {
      const input = document.getElementById(eye.dataset.showPassword), show = input?.type === 'password';
      if (input) { input.type = show ? 'text' : 'password'; eye.setAttribute('aria-pressed', String(show)); input.focus(); }
    }
    if (event.target.closest('[data-reload]')) location.reload();
    if (event.target.closest('[data-reconnect]')) rejoin().then(back => { if (!back) location.reload(); }).catch(() => {});
    if (event.target.closest('[data-print]')) print();
  });

  /* ---- a press is not lost because the field that is left says something and moves the button away: the field is left with the press itself ---- */
  document.addEventListener('mousedown', event => {
    const button = event.target.closest?.('button, a.mud-button-root'), at = document.activeElement;
    if (event.button !== 0 || !button || button.disabled || !at?.matches('input, textarea') || button.closest('.mud-input-adornment')) return;
    event.preventDefault();
    button.addEventListener('click', () => { at.blur(); button.focus({ preventScroll: true }); }, { once: true, capture: true });
  });

  // MudTextField's own AutoFocus needs a circuit.
  $('[data-autofocus]')?.focus();

  /* ---- dialogs: the first field has the focus, and whoever opened one gets it back ---- */
  // The dialog takes the focus before it is asked for here: who had it last outside of any is remembered as it moves.
  const came = [];
  let outside = null;
  document.addEventListener('focusin', event => { if (!event.target.closest('.mud-dialog-container')) outside = event.target; });
  const openDialog = id => {
    came.push(outside);
    // MudBlazor's provider draws it a moment after whoever asked for it.
    const until = Date.now() + 3000;
    const focus = () => {
      const dialog = document.getElementById(id)?.closest('.mud-dialog');
      if (!dialog) { if (Date.now() < until) requestAnimationFrame(focus); return; }
      const first = $('[autofocus]', dialog) || $('.dlg-body :is(input, select, textarea):not([type=hidden], [disabled])', dialog)
        || $('.dlg-foot button', dialog) || $('[data-dialog-close]', dialog);
      first?.focus();
    };
    focus();
  };
  document.addEventListener('keydown', event => {
    if (event.key !== 'Escape' || event.defaultPrevented || $('.mud-popover-open')) return;
    $('[data-dialog-close]', $$('.mud-dialog').at(-1) || document.createElement('i'))?.click();
  });
  // What had the focus may be taken away a moment later, with the row that the dialog was about: then the page goes on at its list.
  const whenLost = (from, go) => {
    const until = Date.now() + 10000;
    const look = () => {
      const now = document.activeElement;
      if (!now || now === document.body) go();
      else if (Date.now() < until && (now === from || now.closest('.mud-dialog'))) setTimeout(look, 50);
    };
    setTimeout(look, 0);
  };
  const heading = () => ($('main h1') || $('#main'))?.focus({ preventScroll: true });
  const closedDialog = () => {
    const back = came.pop();
    if (back?.isConnected) back.focus();
    whenLost(document.activeElement, () => { const list = $('[data-focus-home]'); if (list) list.focus(); else heading(); });
  };

  /* ---- countdowns: from the server's time, right again as soon as the tab is looked at ---- */
  const seen = new WeakMap();
  const tick = () => $$('[data-until]').forEach(one => {
    const now = Number(one.dataset.now);
    if (seen.get(one)?.now !== now) seen.set(one, { now, at: Date.now() });
    const left = Math.max(0, Math.ceil((Number(one.dataset.until) - now - (Date.now() - seen.get(one).at)) / 1000));
    const two = number => String(number).padStart(2, '0');
    const text = left >= 3600 ? `${Math.floor(left / 3600)} h ${two(Math.floor(left / 60) % 60)} min` : `${Math.floor(left / 60)}:${two(left % 60)}`;
    // The circuit's own text node is kept: it goes on drawing into it.
    if (one.firstChild && one.firstChild.data !== text) one.firstChild.data = text;
  });
  setInterval(tick, 1000);
  document.addEventListener('visibilitychange', tick);

  /* ---- the wall of an assembly has no circuit: it asks again by itself, and keeps what it shows while nobody answers ---- */
  const wall = $('[data-wall]');
  if (wall) {
    const again = async () => {
      try {
        const answer = await fetch(location.href, { cache: 'no-store' });
        if (answer.ok) {
          const next = new DOMParser().parseFromString(await answer.text(), 'text/html').querySelector('[data-wall]');
          if (next) { $('[data-wall]').replaceWith(document.adoptNode(next)); tick(); }
        }
      } catch { /* The network is away: what stands there was true a moment ago. */ }
      setTimeout(again, Number(wall.dataset.wall) * 1000);
    };
    setTimeout(again, Number(wall.dataset.wall) * 1000);
  }

  /* ---- connection: the panel gets the focus, and the page knows that it is cut off ---- */
  const panel = $('#components-reconnect-modal');
  if (panel) {
    new MutationObserver(() => {
      const cut = /components-reconnect-(show|failed|rejected)/.test(panel.className);
      document.documentElement.classList.toggle('is-offline', cut);
      if (cut) setTimeout(() => $$('button', panel).find(one => one.offsetParent)?.focus(), 0);
    }).observe(panel, { attributes: true, attributeFilter: ['class'] });
  }

  /* ---- the portal as an app: said here and not in each page's head; its worker only where it is one, so that a browser's own offline page stays a browser's ---- */
  if (!location.pathname.startsWith('/gate') && !location.pathname.startsWith('/p/')) {
    document.head.append(Object.assign(document.createElement('link'), { rel: 'manifest', href: '/app.webmanifest' }));
    document.head.append(Object.assign(document.createElement('link'), { rel: 'apple-touch-icon', href: '/icons/app-192.png' }));
    if (matchMedia('(display-mode: standalone)').matches || navigator.standalone) navigator.serviceWorker?.register('/sw.js').catch(() => { /* Without https there is none. */ });

    /* The number on the app's icon is the bell's. */
    if (navigator.setAppBadge) {
      let shown = -1;
      const badge = () => {
        const bell = $('[data-unread]');
        const unread = bell ? Number(bell.dataset.unread) : 0;
        if (unread !== shown) navigator[(shown = unread) ? 'setAppBadge' : 'clearAppBadge'](unread || undefined).catch(() => {});
      };
      badge();
      new MutationObserver(badge).observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ['data-unread'] });
    }

    /* Once a day a browser with pushes says that it is still there. One that was turned off from elsewhere takes that in. */
    if (window.Notification?.permission === 'granted' && $('[data-unread]')) {
      const said = 'vallhalla.push', today = new Date().toDateString();
      if (localStorage.getItem(said) !== today) (async () => {
        const subscription = await (await navigator.serviceWorker?.getRegistration('/sw.js'))?.pushManager?.getSubscription();
        if (!subscription) return;
        const answer = await fetch('/push/device', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ endpoint: subscription.endpoint }) });
        if (answer.ok) localStorage.setItem(said, today);
        else if (answer.status === 404) await subscription.unsubscribe();
      })().catch(() => { /* Tomorrow. */ });
    }
  }

  /* ---- sharing and copying: on the press itself, which browsers ask for; a circuit's answer may come too late ---- */
  if (navigator.share) document.documentElement.classList.add('can-share');
  const copyOld = text => {
    const box = Object.assign(document.createElement('textarea'), { value: text, readOnly: true });
    document.body.append(box);
    box.select();
    try { return document.execCommand('copy'); } finally { box.remove(); }
  };
  document.addEventListener('click', async event => {
    const button = event.target.closest('[data-share], [data-copy]');
    if (!button) return;
    if (button.dataset.share !== undefined) {
      const what = { text: button.dataset.shareText };
      if (button.dataset.share) what.url = button.dataset.share;
      navigator.share(what).catch(() => { /* Who changes their mind needs no message. */ });
      return;
    }
    // Without https a browser has no clipboard of the new kind.
    const done = navigator.clipboard ? await navigator.clipboard.writeText(button.dataset.copy).then(() => true, () => false) : copyOld(button.dataset.copy);
    if (!done) return;
    button.classList.add('copied');
    setTimeout(() => button.classList.remove('copied'), 2500);
  });

  window.vh = {
    cookie: setCookie,
    openDialog,
    closedDialog,
    heading,
    refocus: id => whenLost(document.activeElement, () => document.getElementById(id)?.focus()),
    focus: focusOn,
    rowMenu,
    copy: text => navigator.clipboard.writeText(text).then(() => true, () => false),
  };
})();
