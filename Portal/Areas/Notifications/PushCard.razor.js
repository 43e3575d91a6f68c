// Turns messages on for this browser. The permission is asked for in the press itself, which browsers want; what came of it is told to the page.
const WORKER = '/sw.js';

const bytes = text => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), c => c.charCodeAt(0));

const hash = async text => [...new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)))].map(b => b.toString(16).padStart(2, '0')).join('');

// What keeps it from working here; empty where nothing does.
function obstacle() {
  const apple = /iPhone|iPad/.test(navigator.userAgent) && !matchMedia('(display-mode: standalone)').matches && !navigator.standalone;
  if (!window.isSecureContext) return 'insecure';
  if (!('serviceWorker' in navigator) || !('PushManager' in window) || !('Notification' in window)) return apple ? 'apple' : 'unsupported';
  return Notification.permission === 'denied' ? 'blocked' : '';
}

async function subscription() {
  return (await navigator.serviceWorker.getRegistration(WORKER))?.pushManager.getSubscription();
}

export async function attach(root, page) {
  root.addEventListener('click', async event => {
    const button = event.target.closest('[data-push-on]');
    if (!button || button.disabled) return;
    const tell = (...args) => page.invokeMethodAsync('Pressed', ...args).catch(() => {});
    try {
      if ((await Notification.requestPermission()) !== 'granted') return tell('blocked', null, null, null);
      await page.invokeMethodAsync('Waiting');
      await navigator.serviceWorker.register(WORKER);
      const registration = await navigator.serviceWorker.ready;
      const key = bytes(button.dataset.pushOn);
      let one = await registration.pushManager.getSubscription();
      // One that was made with keys the portal no longer has hears nothing.
      if (one && !same(new Uint8Array(one.options.applicationServerKey ?? []), key)) { await one.unsubscribe(); one = null; }
      one ??= await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
      const { endpoint, keys } = one.toJSON();
      await tell('', endpoint, keys.p256dh, keys.auth);
    } catch {
      await tell('unreachable', null, null, null);
    }
  });
  return state();
}

const same = (a, b) => a.length === b.length && a.every((x, i) => x === b[i]);

// What stands in the way, and the hash of this browser's address where it has one.
export async function state() {
  const why = obstacle();
  const one = why ? null : await subscription();
  return { obstacle: why, hash: one ? await hash(one.endpoint) : null, agent: navigator.userAgent };
}

export async function off() {
  await (await subscription())?.unsubscribe();
}
