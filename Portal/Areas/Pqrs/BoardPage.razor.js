// Carries a card to another column, by mouse or by Alt and arrows. Where it may go stands on the card; what happens there is asked by the page.
export function attach(root, page) {
  let card = null;
  const columns = () => [...root.querySelectorAll('[data-column]')];
  const may = (one, column) => (one?.dataset.to ?? '').split(' ').includes(column.dataset.column);
  const clear = () => columns().forEach(column => column.classList.remove('can', 'cannot', 'over'));
  const move = (one, column) => page.invokeMethodAsync('Move', Number(one.dataset.case), column.dataset.column).catch(() => {});

  root.addEventListener('dragstart', event => {
    card = event.target.closest?.('[data-case]');
    if (!card) return;
    event.dataTransfer.setData('text/plain', card.dataset.case);
    event.dataTransfer.effectAllowed = 'move';
    const own = card.closest('[data-column]');
    columns().forEach(column => column.classList.add(column === own ? 'own' : may(card, column) ? 'can' : 'cannot'));
  });
  root.addEventListener('dragover', event => {
    const column = event.target.closest?.('[data-column]');
    columns().forEach(one => one.classList.toggle('over', one === column && may(card, one)));
    if (column && may(card, column)) event.preventDefault();
  });
  root.addEventListener('drop', event => {
    const column = event.target.closest?.('[data-column]');
    event.preventDefault();
    if (card && column && may(card, column)) move(card, column);
  });
  root.addEventListener('dragend', () => { card = null; clear(); });

  // Alt and left would go back in the browser: on a card it moves the card.
  root.addEventListener('keydown', event => {
    if (!event.altKey || (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight')) return;
    const one = event.target.closest?.('[data-case]');
    if (!one) return;
    event.preventDefault();
    const all = columns();
    const at = all.indexOf(one.closest('[data-column]'));
    const ahead = event.key === 'ArrowRight' ? all.slice(at + 1) : all.slice(0, at).reverse();
    const to = ahead.find(column => may(one, column));
    if (to) move(one, to);
  });
}
