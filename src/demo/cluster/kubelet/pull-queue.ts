import type { ControlPlane } from '../controllers/controller.ts';
import type { PullFailure } from '../model/kubelet-schemas.ts';
import { cachedImage, cacheImages, imageIdOf } from './image-cache.ts';
import type { ImageReference } from './image-reference.ts';
import { pullTerms } from './image-sources.ts';
import { kubeletState } from './kubelet-states.ts';

/** What has become of a pull. Milliseconds. */
export interface PullOutcome {
  readonly at: number;
  /** Of the pull itself, and with the wait for its turn. */
  readonly tookMs: number;
  readonly tookWithWaitMs: number;
  readonly digest: string;
  readonly sizeBytes: number;
  readonly failure?: PullFailure | undefined;
}

interface Pull {
  readonly image: ImageReference;
  readonly askedAt: number;
  readonly done: (outcome: PullOutcome) => void;
}

interface RunningPull extends Pull {
  readonly startedAt: number;
  readonly endsAt: number;
  readonly terms: ReturnType<typeof pullTerms>;
}

/** How long a registry that cannot be reached is waited for, in the API's seconds: containerd's dial timeout. */
const dialTimeoutSeconds = 30;
const BYTES_PER_MEGABYTE = 1_000_000;

/** The pulls onto one node: one after the other, unless its kubelet is told to pull several at a time. */
export class PullQueue {
  readonly #plane: ControlPlane;
  readonly #node: string;
  readonly #waiting: Pull[] = [];
  #running: RunningPull[] = [];

  constructor(plane: ControlPlane, node: string) {
    this.#plane = plane;
    this.#node = node;
  }

  add(pull: Pull): void {
    this.#waiting.push(pull);
  }

  /** Ends the pulls whose time is over, each at its time, and starts those whose turn it is. */
  advance(): void {
    const now = this.#plane.store.clock.now();
    this.#startNext(now);
    for (;;) {
      const [next] = this.#running.sort((a, b) => a.endsAt - b.endsAt);
      if (next === undefined || next.endsAt > now) return;
      this.#running = this.#running.filter((pull) => pull !== next);
      this.#end(next);
      this.#startNext(next.endsAt);
    }
  }

  /** Milliseconds until a pull ends; undefined where none is under way. */
  nextEndMs(): number | undefined {
    const ends = this.#running.map(({ endsAt }) => endsAt - this.#plane.store.clock.now());
    return ends.length === 0 ? undefined : Math.min(...ends);
  }

  #startNext(freeAt: number): void {
    const { parallelPulls = 1 } = kubeletState(this.#plane.store, this.#node);
    while (this.#running.length < parallelPulls) {
      const pull = this.#waiting.shift();
      if (pull === undefined) return;
      const terms = pullTerms(this.#plane.store, this.#node, pull.image);
      const startedAt = Math.max(freeAt, pull.askedAt);
      const endsAt = startedAt + this.#durationMs(pull.image, terms);
      this.#running.push({ ...pull, startedAt, endsAt, terms });
    }
  }

  /** Settled when the pull starts: what is said of its registry later concerns the next one. */
  #durationMs(image: ImageReference, terms: RunningPull['terms']): number {
    const { store, timings } = this.#plane;
    const { digest, failure, sizeBytes, slowness } = terms;
    if (failure === 'unreachable') return dialTimeoutSeconds * timings.secondMs;
    const isHere = cachedImage(store, this.#node, imageIdOf(image, digest)) !== undefined;
    const megabytes = isHere || failure !== undefined ? 0 : sizeBytes / BYTES_PER_MEGABYTE;
    return Math.round(slowness * (timings.pullRequestMs + megabytes * timings.pullMegabyteMs));
  }

  #end({ image, askedAt, startedAt, endsAt, terms, done }: RunningPull): void {
    const { digest, sizeBytes, failure } = terms;
    if (failure === undefined) {
      cacheImages(this.#plane.store, this.#node, [{ image, digest, sizeBytes }]);
    }
    const tookMs = endsAt - startedAt;
    done({ at: endsAt, tookMs, tookWithWaitMs: endsAt - askedAt, digest, sizeBytes, failure });
  }
}
