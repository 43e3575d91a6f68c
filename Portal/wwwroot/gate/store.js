// What the device keeps (IndexedDB): acts that were not delivered yet, what was delivered after the last snapshot, and a few values.
// An act counts as logged when its transaction is on the disk, not before: durability is strict.

const name = 'vallhalla-gate';
const version = 2;
const strict = { durability: 'strict' };
let opening;

function open() {
  return (opening ??= new Promise((done, fail) => {
    const request = indexedDB.open(name, version);
    request.onupgradeneeded = ({ oldVersion }) => {
      const db = request.result;
      if (oldVersion < 1) {
        // Numbers are never given twice, also after everything was delivered.
        db.createObjectStore('events', { keyPath: 'seq', autoIncrement: true });
        db.createObjectStore('sent', { keyPath: 'seq' });
        db.createObjectStore('kept');
      }
      if (oldVersion < 2) db.createObjectStore('photos', { keyPath: 'key' });
    };
    request.onsuccess = () => {
      const db = request.result;
      db.onclose = () => {
        opening = undefined;
      };
      db.onversionchange = () => {
        db.close();
        opening = undefined;
      };
      done(db);
    };
    request.onerror = () => {
      opening = undefined;
      fail(request.error);
    };
  }));
}

/** Runs work in one transaction; what it returns is there when the transaction is complete. */
async function within(stores, mode, work) {
  const db = await open();
  return new Promise((done, fail) => {
    const transaction = db.transaction(stores, mode, mode === 'readwrite' ? strict : undefined);
    let request;
    transaction.oncomplete = () => done(request?.result);
    transaction.onabort = () => fail(transaction.error ?? new DOMException('The transaction was broken off.', 'AbortError'));
    transaction.onerror = () => {};
    try {
      request = work(...stores.map(store => transaction.objectStore(store)));
    } catch (error) {
      transaction.abort();
      fail(error);
    }
  });
}

/**
 * Writes an act down, and its photos with it: all of it or nothing. Resolves to its number when it is on the disk; rejects where nothing was
 * written (a full disk).
 */
export const add = (event, photos = []) =>
  within(['events', 'photos'], 'readwrite', (events, kept) => {
    for (const { key, type, bytes } of photos) kept.add({ key, of: event.key, type, bytes });
    return events.add(event);
  });

/** Photos that the portal does not have yet; they go after their act, each by itself. */
export const photos = () => within(['photos'], 'readonly', kept => kept.getAll());

export const photoCount = () => within(['photos'], 'readonly', kept => kept.count());

/** The portal has it: it leaves the device. */
export const removePhoto = key => within(['photos'], 'readwrite', kept => kept.delete(key));

/** The portal does not take it. It stays on the device and is not sent again. */
export const setPhotoRefused = photo => within(['photos'], 'readwrite', kept => kept.put({ ...photo, refused: true }));

/** The next acts to deliver, in the order in which they happened; those that could not be delivered at all are left out. */
export async function next(limit) {
  const all = await within(['events'], 'readonly', events => events.getAll(undefined, limit + 100));
  return all.filter(event => !event.stuck).slice(0, limit);
}

export const waiting = () => within(['events'], 'readonly', events => events.getAll());

export const delivered = () => within(['sent'], 'readonly', sent => sent.getAll());

/**
 * The portal has these acts: they leave the device. Of each stays what the screen needs until a newer snapshot tells it, without documents.
 */
export const settle = shown =>
  within(['events', 'sent'], 'readwrite', (events, sent) => {
    for (const one of shown) {
      events.delete(one.seq);
      const { seq, key, kind, at, offset, label, sentAt, effect } = one;
      if (effect) sent.put({ seq, key, kind, at, offset, label, sentAt, effect });
    }
  });

/** The portal cannot read this act. It stays on the device, is shown, and holds up nothing. */
export const setStuck = event => within(['events'], 'readwrite', events => events.put({ ...event, stuck: true }));

/** What a snapshot of this moment (milliseconds of the database, as `sentAt` is) tells by itself. */
export async function forgetDelivered(before) {
  // A snapshot is a minute old at most: what is said to be much later was said by a wrong clock, or by nobody.
  const old = (await delivered()).filter(one => !(one.sentAt >= before && one.sentAt < before + 600000));
  if (old.length > 0) {
    await within(['sent'], 'readwrite', sent => {
      for (const one of old) sent.delete(one.seq);
    });
  }
}

export const clearDelivered = () => within(['sent'], 'readwrite', sent => sent.clear());

export const get = key => within(['kept'], 'readonly', kept => kept.get(key));

export const put = (key, value) => within(['kept'], 'readwrite', kept => kept.put(value, key));

export const remove = key => within(['kept'], 'readwrite', kept => kept.delete(key));

export const isFull = error => error?.name === 'QuotaExceededError' || error?.inner?.name === 'QuotaExceededError';
