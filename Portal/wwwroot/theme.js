// Runs before the first paint: resolves "auto" to what the device prefers, so that nothing flashes.
(() => {
  const root = document.documentElement, dark = matchMedia('(prefers-color-scheme: dark)');
  const chosen = () => (document.cookie.match(/(?:^|; )theme=(light|dark)/) || [])[1];
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
// What the circuit draws anew is found by what it says and how many say the same before it.
(() => {
  const selector = 'main :is(button:not([type=submit]), input[type=checkbox])';
  const name = one => one.id || one.getAttribute('aria-label') || one.textContent.trim();
  const alike = one => [...document.querySelectorAll(selector)].filter(other => name(other) === name(one));
  let early = [];
  const note = event => {
    const one = event.target.closest?.(selector);
    if (!one || one.disabled || one.closest('form, dialog') || one.dataset.showPassword !== undefined) return;
    const press = { name: name(one), index: alike(one).indexOf(one), ticked: one.checked, at: location.href };
    // Who presses again because nothing happens does not want it twice.
    if (!one.matches('.btn') || !early.some(other => other.name === press.name && other.index === press.index)) early.push(press);
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
      const one = [...document.querySelectorAll(selector)].filter(other => name(other) === press.name)[press.index];
      one?.removeAttribute('aria-busy');
      if (one && (one.type !== 'checkbox' || one.checked !== press.ticked)) one.click();
      setTimeout(next, 50);
    };
    next();
  };
})();
