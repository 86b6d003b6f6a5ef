/** Reads from the workspace: `state`, `timeline`, `thread`, `people`. */
export async function query(what, params = {}) {
  const response = await fetch(`/workspace/${what}?${new URLSearchParams(params)}`);
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.problem);
  return answer;
}

/** Does something in the workspace; resolves with what the person is to be told. */
export async function act(action) {
  try {
    const response = await fetch('/workspace/do', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(action),
    });
    return await response.json();
  } catch {
    return { problem: 'The workspace cannot be reached. Is it still running?' };
  }
}

/** The changes that one person sees, as they happen; reconnects by itself. */
export class EventChanges {
  #source;
  /** Resolves when no change is missed any more. */
  ready;

  constructor(user, { change, reconnected, connection }) {
    this.#source = new EventSource(`/workspace/changes?as=${encodeURIComponent(user)}`);
    this.#source.addEventListener('message', (event) => change(JSON.parse(event.data)));
    this.#source.addEventListener('error', () => connection(false));
    this.ready = new Promise((resolve) => {
      let wasReady = false;
      this.#source.addEventListener('ready', () => {
        connection(true);
        if (wasReady) reconnected();
        wasReady = true;
        resolve();
      });
    });
  }

  close() {
    this.#source.close();
  }
}
