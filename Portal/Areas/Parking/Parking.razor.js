// The plan by keys: arrows go from space to space as they lie, Home and End to the ends of a row. One space is a stop of Tab, the others are
// reached from it.
export function attach(floor) {
  if (!floor || floor.dataset.keys) return;
  floor.dataset.keys = 'yes';
  const rows = () => [...floor.querySelectorAll('.prow')].map(row => [...row.children]);
  const near = (row, at) => {
    for (let by = 0; by < row.length; by++) {
      for (const one of [row[at - by], row[at + by]]) if (one?.matches('a')) return one;
    }
    return null;
  };
  floor.addEventListener('keydown', event => {
    const all = rows();
    const line = all.findIndex(row => row.includes(document.activeElement));
    if (line < 0) {
      if (event.target === floor && event.key === 'ArrowDown') {
        event.preventDefault();
        floor.querySelector('a.sel, a')?.focus();
      }
      return;
    }
    const at = all[line].indexOf(document.activeElement);
    let to = null;
    if (event.key === 'ArrowRight') to = all[line].slice(at + 1).find(one => one.matches('a'));
    else if (event.key === 'ArrowLeft') to = all[line].slice(0, at).reverse().find(one => one.matches('a'));
    else if (event.key === 'ArrowDown') to = line + 1 < all.length ? near(all[line + 1], at) : null;
    else if (event.key === 'ArrowUp') to = line > 0 ? near(all[line - 1], at) : null;
    else if (event.key === 'Home') to = near(all[line], 0);
    else if (event.key === 'End') to = near(all[line], all[line].length - 1);
    else return;
    event.preventDefault();
    event.stopPropagation();
    to?.focus();
  });
}
