// Runs before the first paint: resolves "auto" to what the device prefers, so that nothing flashes.
(() => {
  const root = document.documentElement, dark = matchMedia('(prefers-color-scheme: dark)');
  // Of an older portal there may be one without the prefix beside it, which says nothing any more.
  const cookie = name => (document.cookie.match(new RegExp(`(?:^|; )${name}=(\\w+)`)) || [])[1];
  const chosen = () => [cookie('__Host-theme') || cookie('theme')].find(one => one === 'light' || one === 'dark');
  const apply = () => {
    root.dataset.theme = chosen() || (dark.matches ? 'dark' : 'light');
    // The phone's own bar takes the colour of the page's top.
    document.querySelector('[data-theme-color]')?.setAttribute('content', getComputedStyle(root).getPropertyValue('--vh-canvas').trim());
  };
  apply();
  dark.addEventListener('change', apply);
  window.vhTheme = apply;
})();

// Nobody's press is lost: until the page has its circuit, buttons and ticks inside main answer by waiting, and are pressed again, in order, as soon as they can be.
// What the circuit draws anew is found by what it says, and only what nothing else on the page says is pressed: of ten "Approve" the one that was meant could be another by then.
(() => {
  const selector = 'main :is(button:not([type=submit]), input[type=checkbox])';
  const name = one => one.id || one.getAttribute('aria-label') || one.textContent.trim();
  const only = wanted => {
    const found = [...document.querySelectorAll(selector)].filter(other => name(other) === wanted);
    return found.length === 1 ? found[0] : null;
  };
  // Drawn by the circuit only, in the same stroke as the page: where it is there, a press is answered already and must not be done twice.
  const answers = () => document.querySelector('[data-live]') !== null;
  let early = [];
  const note = event => {
    const one = event.target.closest?.(selector);
    if (!one || answers() || one.disabled || one.closest('form, dialog') || one.dataset.showPassword !== undefined || only(name(one)) !== one) return;
    const press = { name: name(one), ticked: one.checked, at: location.href };
    // Who presses again because nothing happens does not want it twice.
    if (!one.matches('.btn, .mud-button-root') || !early.some(other => other.name === press.name)) early.push(press);
    one.setAttribute('aria-busy', 'true');
  };
  document.addEventListener('click', note, true);
  window.vhLive = () => {
    document.removeEventListener('click', note, true);
    const presses = early.filter(press => press.at === location.href);
    early = [];
    const next = () => {
      const press = presses.shift();
      if (!press) return;
      const one = only(press.name);
      one?.removeAttribute('aria-busy');
      if (one && (one.type !== 'checkbox' || one.checked !== press.ticked)) one.click();
      setTimeout(next, 50);
    };
    next();
  };
})();
