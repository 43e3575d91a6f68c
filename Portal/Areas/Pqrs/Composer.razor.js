// Keeps what is typed in the browser until it is sent, sends on Ctrl+Enter, and lets the box grow with its words.
const boxes = new WeakMap();

const read = key => { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } };
const write = (key, value) => { try { value ? localStorage.setItem(key, JSON.stringify(value)) : localStorage.removeItem(key); return true; } catch { return false; } };
const grow = area => { area.style.height = 'auto'; area.style.height = Math.min(area.scrollHeight + 2, 220) + 'px'; };
const change = area => area.dispatchEvent(new Event('change', { bubbles: true }));

export function attach(root, area, key, dotnet, modes) {
  const box = { key, area, mode: modes[0], timer: 0 };
  boxes.set(root, box);
  const kept = read(key);
  if (kept?.text && !area.value) {
    area.value = kept.text;
    if (modes.includes(kept.mode)) box.mode = kept.mode;
    change(area);
    grow(area);
    dotnet.invokeMethodAsync('Restored', box.mode);
  }
  const keep = () => {
    grow(area);
    clearTimeout(box.timer);
    box.timer = setTimeout(() => { if (write(key, area.value.trim() ? { text: area.value, mode: box.mode } : null) && area.value.trim()) dotnet.invokeMethodAsync('Kept').catch(() => {}); }, 700);
  };
  area.addEventListener('input', keep);
  // Somebody was faster than this script.
  if (area.value.trim() && area.value !== kept?.text) keep();
  addEventListener('pagehide', () => { if (area.isConnected && area.value.trim()) write(key, { text: area.value, mode: box.mode }); });
  area.addEventListener('keydown', event => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    change(area);
    root.querySelector('[data-composer-send]')?.click();
  });
}

export function mode(root, name) {
  const box = boxes.get(root);
  if (!box) return;
  box.mode = name;
  if (box.area.value.trim()) write(box.key, { text: box.area.value, mode: name });
  box.area.focus();
}

export function clear(root) {
  const box = boxes.get(root);
  if (!box) return;
  clearTimeout(box.timer);
  write(box.key, null);
  box.area.value = '';
  grow(box.area);
  // What was just said stands at the end of the history, which begins there.
  root.closest('.case-main')?.querySelector('.tl-box')?.scrollTo({ top: 0 });
}

// An answer kept ready stands after what was written; its first open hole is marked.
export function put(root, words) {
  const box = boxes.get(root);
  if (!box) return;
  const area = box.area;
  const before = area.value.trim() ? area.value.replace(/\s+$/, '') + '\n\n' : '';
  area.value = before + words;
  area.dispatchEvent(new Event('input', { bubbles: true }));
  change(area);
  area.focus();
  const hole = /\{\s*\p{L}{2,20}\s*\}/u.exec(words);
  const at = before.length + (hole ? hole.index : words.length);
  area.setSelectionRange(at, hole ? at + hole[0].length : at);
}
