// Delivers what was logged, in its order, by one tab at a time, for as long as it takes. Nothing is ever dropped: an act leaves the device
// only with the portal's answer to it. How the line is, is known by answers alone.

import * as store from './store.js';

const every = 5000;
const slowest = 60000;

/** While something waits to be delivered the line is tried at least so often. */
const slowestWaiting = 10000;
const batch = 100;

/** So long after an answer the line counts as up. */
export const fresh = 15000;

/** After so long a photo is tried again whose act the portal does not know yet. */
const photoAgain = 30000;

export class Refusal extends Error {
  constructor(status, body) {
    super(`${status} ${body?.error ?? ''}`);
    this.status = status;
    this.body = body ?? {};
  }
}

export class Sender {
  #clock;
  #tell;
  #csrf = '';
  #timer = 0;
  #running = false;
  #again = false;
  #failures = 0;
  #answeredAt = -Infinity;
  #asked = 0;
  #photosTried = new Map();

  /** What the portal said last: guard, terminal, guards, version… */
  state = null;

  /** Grows when the device was enrolled or somebody signed in: what was asked before tells nothing of after. */
  generation = 0;

  /** The device must be enrolled, or somebody must sign in: nothing goes out before. */
  blocked = null;

  constructor(clock, tell) {
    this.#clock = clock;
    this.#tell = tell;
  }

  /** An answer came a moment ago. */
  get online() {
    return performance.now() - this.#answeredAt < fresh;
  }

  /** Sends what waits, now. */
  kick() {
    if (this.#running) {
      this.#again = true;
      return;
    }
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#round(), 0);
  }

  /** A key was pressed: a line that failed is tried once more, not more often than every two seconds. */
  touch() {
    if (this.#failures > 0 && performance.now() - this.#asked > 2000) this.kick();
  }

  async #round() {
    this.#running = true;
    this.#again = false;
    try {
      await this.beat();
      if (this.state?.guard) {
        await navigator.locks.request('vallhalla-gate-send', async () => {
          await this.#deliver();
          await this.#deliverPhotos();
        });
      }
      this.#failures = 0;
    } catch (error) {
      if (!(error instanceof Refusal)) this.#failures++;
    }
    const most = (await store.next(1).catch(() => [])).length > 0 ? slowestWaiting : slowest;
    const pause = this.#again ? 0 : this.#failures === 0 ? every : Math.min(most, every * 2 ** (this.#failures - 1));
    this.#running = false;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#round(), pause);
    this.#tell.status();
  }

  /** Asks how things are. */
  async beat() {
    const waiting = (await store.waiting()).length + (await store.photoCount());
    const version = this.#tell.version() ?? '';
    const { generation } = this;
    const state = await this.call('GET', `state?have=${encodeURIComponent(version)}&waiting=${waiting}`);
    if (generation !== this.generation) return;
    this.state = state;
    this.#csrf = this.state.csrf ?? this.#csrf;
    await this.#tell.state(this.state);
  }

  async #deliver() {
    for (let size = batch; ;) {
      const events = await store.next(size);
      if (events.length === 0) return;
      try {
        const { results, at } = await this.call('POST', 'events', {
          events: events.map(event => ({ ...event, effect: undefined, label: undefined })),
        });
        await this.#settle(events, results, at);
        size = batch;
      } catch (error) {
        // One act that the portal cannot read must not hold up the others.
        const unreadable = error instanceof Refusal && (error.status === 413 || error.status === 422 || error.body.error === 'event');
        if (!unreadable) throw error;
        if (events.length > 1) size = 1;
        else await store.setStuck(events[0]);
      }
    }
  }

  /** Photos go one by one, after what they belong to; one that is refused holds up nothing. */
  async #deliverPhotos() {
    if ((await store.photoCount()) === 0) return;
    let changed = false;
    for (const photo of await store.photos()) {
      if (photo.refused || performance.now() - (this.#photosTried.get(photo.key) ?? -Infinity) < photoAgain) continue;
      this.#photosTried.set(photo.key, performance.now());
      try {
        await this.call('POST', `incidents/${photo.of}/photos/${photo.key}`, new Blob([photo.bytes], { type: photo.type }), 60000);
        await store.removePhoto(photo.key);
        changed = true;
      } catch (error) {
        if (!(error instanceof Refusal) || this.blocked) throw error;
        if (error.status === 413 || error.body.error?.startsWith('incident.')) {
          await store.setPhotoRefused(photo);
          changed = true;
        }
      }
    }
    if (changed) await this.#tell.photos();
  }

  async #settle(events, results, sentAt) {
    const byKey = new Map(results.map(result => [result.key, result]));
    const known = events.filter(event => byKey.has(event.key));
    if (known.length === 0) throw new Error('The portal answered for none of the acts.');
    const shown = known.map(event => {
      const result = byKey.get(event.key);
      const stands = event.effect && (result.outcome === 'applied' || result.outcome === 'conflict');
      return { ...event, sentAt, result, effect: stands ? { ...event.effect, v: result.visit ?? event.effect.v } : undefined };
    });
    await store.settle(shown);
    await this.#tell.delivered(shown);
  }

  /**
   * One question to the portal. Throws a Refusal where it answered no, another error where it did not answer.
   */
  async call(method, path, body, wait = method === 'GET' ? 4000 : 10000, again = true) {
    const asked = (this.#asked = performance.now());
    const { generation } = this;
    const raw = body instanceof Blob;
    const response = await fetch(`/gate/${path}`, {
      method,
      headers: body === undefined ? {} : { 'Content-Type': raw ? body.type : 'application/json', 'X-Gate': this.#csrf },
      body: body === undefined ? undefined : raw ? body : JSON.stringify(body),
      cache: 'no-store',
      redirect: 'manual',
      signal: AbortSignal.timeout(wait),
    });
    const answer = await response.json().catch(() => null);
    if (response.status >= 500 || answer === null) throw new Error(`The portal failed: ${response.status}.`);
    this.#answeredAt = performance.now();
    if (answer.zone !== undefined) this.#clock.answered(answer.now, answer.zone, asked);
    if (response.ok) {
      this.blocked = null;
      return answer;
    }
    if (answer.error === 'antiforgery' && again) {
      await this.beat();
      return this.call(method, path, body, wait, false);
    }
    const blocked = answer.error === 'terminal' ? 'terminal' : response.status === 401 ? 'session' : null;
    if (blocked && generation === this.generation) await this.#tell.blocked((this.blocked = blocked));
    throw new Refusal(response.status, answer);
  }
}
