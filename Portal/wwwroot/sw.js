// Of the installed portal: where there is no network it says so, in place of the browser's own page. It keeps that one page and nothing else: what the portal
// shows belongs to whoever is signed in, and is never kept on a device. It also shows what is pushed to the device while the portal is closed. The gate's
// terminal has a worker of its own.
const CACHE = 'offline-1', PAGE = '/offline.html';

self.addEventListener('install', event => {
  event.waitUntil(caches.open(CACHE).then(cache => cache.add(new Request(PAGE, { cache: 'reload' }))));
  self.skipWaiting();
});

self.addEventListener('activate', event => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) if (name.startsWith('offline-') && name !== CACHE) await caches.delete(name);
    await self.clients.claim();
  })());
});

self.addEventListener('fetch', event => {
  if (event.request.mode !== 'navigate' || event.request.method !== 'GET') return;
  event.respondWith(fetch(event.request).catch(async () => (await caches.match(PAGE)) || Response.error()));
});

// Addresses of the portal only: what comes is data, and data must not send people elsewhere.
const local = url => (/^\/(?![/\\])/.test(url ?? '') ? url : '/notifications');

self.addEventListener('push', event => {
  let told;
  try { told = event.data.json(); } catch { told = { title: 'Vallhalla', body: '', url: '/notifications' }; }
  event.waitUntil((async () => {
    // Browsers withdraw the permission of who is told something and shows nothing, so it is always shown.
    await self.registration.showNotification(String(told.title), {
      body: String(told.body ?? ''), tag: told.id ? `n${told.id}` : undefined, lang: told.lang, requireInteraction: told.prompt === true,
      icon: '/icons/app-192.png', badge: '/icons/app-192.png', data: { url: local(told.url) },
    });
    if (self.navigator.setAppBadge && Number.isInteger(told.unread)) await self.navigator.setAppBadge(told.unread).catch(() => {});
  })());
});

self.addEventListener('notificationclick', event => {
  event.notification.close();
  const url = new URL(local(event.notification.data?.url), self.location.origin).href;
  event.waitUntil((async () => {
    const open = (await self.clients.matchAll({ type: 'window', includeUncontrolled: true })).filter(one => !new URL(one.url).pathname.startsWith('/gate'));
    const there = open.find(one => one.url === url);
    if (there) return there.focus();
    // A page where somebody is at work is left as it is.
    return self.clients.openWindow(url);
  })());
});

// The browser's maker gives another address now and then.
self.addEventListener('pushsubscriptionchange', event => {
  event.waitUntil((async () => {
    const old = event.oldSubscription;
    if (!old) return;
    const now = event.newSubscription ?? await self.registration.pushManager.subscribe(old.options);
    const { endpoint, keys } = now.toJSON();
    await fetch('/push/device', {
      method: 'POST', headers: { 'Content-Type': 'application/json' }, credentials: 'same-origin',
      body: JSON.stringify({ endpoint: old.endpoint, now: { endpoint, key: keys.p256dh, secret: keys.auth } }),
    });
  })().catch(() => { /* The page tells it when it is opened next. */ }));
});
