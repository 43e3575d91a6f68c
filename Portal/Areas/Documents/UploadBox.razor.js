// Sends a file in pieces. A piece that is lost is sent again, then it waits for the person; what has arrived stays and is not sent twice.
export function attach(input, box, piece) {
  let file = null, run = 0;
  const pause = ms => new Promise(later => setTimeout(later, ms));
  const tell = (...what) => box.invokeMethodAsync(...what).catch(() => null);
  const send = async (id, from) => {
    const mine = ++run, total = Math.ceil(file.size / piece);
    for (let number = from; number < total; number++) {
      for (let attempt = 0; ; attempt++) {
        if (mine !== run) return;
        try {
          const body = file.slice(number * piece, (number + 1) * piece);
          const answer = await fetch(`/documents/uploads/${id}/${number}`, { method: 'PUT', body, redirect: 'error', headers: { 'Content-Type': 'application/octet-stream' } });
          if (answer.ok) break;
          if (answer.status < 500 && answer.status !== 429) { await tell('LostAsync'); return; }
        } catch { /* The network is away, or the file was moved: said below, after some tries. */ }
        if (attempt === 3) { await tell('PausedAsync'); return; }
        await pause(400 * 2 ** attempt);
      }
      if (mine !== run) return;
      tell('SentAsync', number + 1);
    }
    // The circuit may be on its way back: the file is here already.
    for (let attempt = 0; mine === run && attempt < 20; attempt++) {
      try { await box.invokeMethodAsync('CompleteAsync'); return; } catch { await pause(500); }
    }
  };
  const pick = async () => {
    if (!input.files.length) return;
    file = input.files[0];
    run++;
    const id = await box.invokeMethodAsync('PickedAsync', file.name, file.size);
    if (id > 0) send(id, 0);
  };
  input.addEventListener('change', pick);
  // Somebody was faster than this script.
  if (input.files.length) setTimeout(pick);
  return { resume: (id, from) => { if (file) send(id, from); }, stop: () => { run++; file = null; input.value = ''; } };
}
