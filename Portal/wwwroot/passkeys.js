// Passkeys: what the browser asks the device, in the JSON that the portal speaks. On pages without a circuit it is the form's script as well.
const bytes = text => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), c => c.charCodeAt(0));

const text = buffer => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');

const named = list => (list ?? []).map(one => ({ ...one, id: bytes(one.id) }));

// The ways the portal keeps; what a newer browser says besides is of no use to it.
const WAYS = ['usb', 'nfc', 'ble', 'smart-card', 'hybrid', 'internal'];

// Nobody's hand is waited for longer than the portal waits for the answer.
const FRESH = 270_000;
const ROUNDS = 12;

export const supported = () => !!(window.isSecureContext && window.PublicKeyCredential && navigator.credentials?.create);

export const agent = () => navigator.userAgent;

// Why there is no answer: the person closed the question or let it run out, has one here already, or the browser will not.
const why = error => ({ NotAllowedError: 'cancelled', AbortError: 'cancelled', InvalidStateError: 'exists' })[error?.name] ?? 'failed';

export async function create(json) {
  try {
    const options = JSON.parse(json);
    const made = await navigator.credentials.create({
      publicKey: { ...options, challenge: bytes(options.challenge), user: { ...options.user, id: bytes(options.user.id) }, excludeCredentials: named(options.excludeCredentials) },
    });
    const { attestationObject, clientDataJSON } = made.response;
    const transports = (made.response.getTransports?.() ?? []).filter(way => WAYS.includes(way));
    return { answer: JSON.stringify({ ...whole(made), response: { attestationObject: text(attestationObject), clientDataJSON: text(clientDataJSON), transports } }) };
  } catch (error) {
    return { why: why(error) };
  }
}

export async function get(json, more = {}) {
  try {
    const options = JSON.parse(json);
    const given = await navigator.credentials.get({
      ...more,
      publicKey: { ...options, challenge: bytes(options.challenge), allowCredentials: named(options.allowCredentials) },
    });
    const { authenticatorData, clientDataJSON, signature, userHandle } = given.response;
    return {
      answer: JSON.stringify({
        ...whole(given),
        response: { authenticatorData: text(authenticatorData), clientDataJSON: text(clientDataJSON), signature: text(signature), userHandle: userHandle ? text(userHandle) : null },
      }),
    };
  } catch (error) {
    return { why: why(error) };
  }
}

const whole = credential => ({ id: credential.id, rawId: text(credential.rawId), type: credential.type, clientExtensionResults: {} });

// A form that a passkey fills in: it stays hidden where the browser knows none.
function attach(form) {
  if (!supported()) return;
  const button = form.querySelector('[data-passkey-go]');
  const told = form.querySelector('[data-passkey-told]');
  let waiting;
  form.hidden = false;
  for (const none of document.querySelectorAll('[data-passkey-none]')) none.hidden = true;

  const ask = async () => {
    const reply = await fetch(form.dataset.passkey, { method: 'POST', headers: { accept: 'application/json' } });
    if (!reply.ok) throw new Error(String(reply.status));
    return reply.text();
  };
  const send = answer => {
    form.querySelector('[data-passkey-answer]').value = answer;
    const remember = form.querySelector('[data-passkey-remember]');
    if (remember) remember.value = document.querySelector('.remember input[type=checkbox]')?.checked ? 'true' : 'false';
    form.submit();
  };

  button.addEventListener('click', async () => {
    waiting?.abort();
    button.disabled = true;
    told.textContent = '';
    let result;
    try {
      result = await get(await ask());
    } catch {
      result = { why: 'away' };
    }
    if (result.answer) return send(result.answer);
    button.disabled = false;
    told.textContent = form.dataset[result.why] ?? form.dataset.failed;
    offer();
  });

  // In the list of names that the field offers, where the browser can: nothing is said while the person chooses nothing.
  async function offer() {
    if (!('passkeyAuto' in form.dataset) || !(await PublicKeyCredential.isConditionalMediationAvailable?.())) return;
    for (let round = 0; round < ROUNDS; round++) {
      const mine = new AbortController();
      waiting = mine;
      const options = await ask().catch(() => null);
      if (!options || mine.signal.aborted) return;
      let over = false;
      const timer = setTimeout(() => { over = true; mine.abort(); }, FRESH);
      const result = await get(options, { mediation: 'conditional', signal: mine.signal });
      clearTimeout(timer);
      if (result.answer) return send(result.answer);
      if (!over) return;
    }
  }
  offer();
}

for (const form of document.querySelectorAll('form[data-passkey]')) attach(form);
