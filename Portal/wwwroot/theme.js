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
