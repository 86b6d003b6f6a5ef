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

/** How long to wait where the browser has given up on a stream by itself, in milliseconds. */
const AGAIN_MS = 2000;

/** The changes that one person sees, as they happen; reconnects by itself. */
export class EventChanges {
  #source;
  #user;
  #on;
  #isClosed = false;
  #again;
  #wasReady = false;
  #resolveReady;
  /** Resolves when no change is missed any more. */
  ready;

  /** @param on listeners: change, cluster, guide, reconnected, connection */
  constructor(user, on) {
    this.#user = user;
    this.#on = on;
    this.ready = new Promise((resolve) => {
      this.#resolveReady = resolve;
    });
    this.#open();
  }

  close() {
    this.#isClosed = true;
    clearTimeout(this.#again);
    this.#source.close();
  }

  #open() {
    const source = new EventSource(`/workspace/changes?as=${encodeURIComponent(this.#user)}`);
    this.#source = source;
    const on = (event, listener) =>
      source.addEventListener(event, ({ data }) => listener(JSON.parse(data)));
    on('message', this.#on.change);
    on('cluster', this.#on.cluster);
    on('guide', this.#on.guide);
    on('ready', () => this.#isReady());
    source.addEventListener('error', () => this.#isLost());
  }

  #isReady() {
    this.#on.connection(true);
    if (this.#wasReady) this.#on.reconnected();
    this.#wasReady = true;
    this.#resolveReady();
  }

  #isLost() {
    this.#on.connection(false);
    const hasGivenUp = this.#source.readyState === EventSource.CLOSED;
    if (hasGivenUp && !this.#isClosed) this.#again = setTimeout(() => this.#open(), AGAIN_MS);
  }
}
