import type { ControlPlane } from '../controllers/controller.ts';
import { goDuration } from '../model/durations.ts';
import type { Container } from '../model/schemas.ts';
import { kubeletLimits, nextBackOff } from './back-off.ts';
import { cachedImage, idOfCached, imageIdOf } from './image-cache.ts';
import { type ImageReference, parseImage } from './image-reference.ts';
import { containerEvent, type Place } from './kubelet-events.ts';
import type { ContainerRecord, ImageProgress } from './pod-records.ts';
import { pullError } from './pull-errors.ts';
import { type PullOutcome, PullQueue } from './pull-queue.ts';

/** A container that needs its image, with what is remembered of it. */
export interface ImageWish extends Place {
  readonly container: Container;
  readonly record: ContainerRecord;
}

/** `againMs`: when to ask again. */
export type ImageAnswer =
  | { readonly status: 'present'; readonly imageId: string; readonly at: number }
  | { readonly status: 'pulling'; readonly againMs: number }
  | {
      readonly status: 'failed';
      readonly reason: string;
      readonly message: string;
      readonly againMs: number;
    };

type FailedPull = Extract<ImageProgress, { readonly status: 'failed' }>;

/** How often a container in trouble is looked at, in the API's seconds. */
export const syncSeconds = 10;

/**
 * Sees to it that containers have their images, as the kubelet's image manager does: in its words, and with its back-off.
 * @see https://github.com/kubernetes/kubernetes/blob/v1.33.0/pkg/kubelet/images/image_manager.go
 */
export class ImageManager {
  readonly #plane: ControlPlane;
  readonly #queues = new Map<string, PullQueue>();

  constructor(plane: ControlPlane) {
    this.#plane = plane;
  }

  ensure(wish: ImageWish): ImageAnswer {
    const queue = this.#queueOf(wish.node.metadata.name);
    queue.advance();
    if (wish.record.image === undefined || this.#isToBeTriedAgain(wish)) this.#seek(wish, queue);
    const { image } = wish.record;
    if (image?.status === 'present') return image;
    if (image?.status === 'failed') return this.#troubleOf(wish, image);
    return { status: 'pulling', againMs: queue.nextEndMs() ?? 0 };
  }

  #queueOf(node: string): PullQueue {
    const known = this.#queues.get(node);
    if (known !== undefined) return known;
    const queue = new PullQueue(this.#plane, node);
    this.#queues.set(node, queue);
    return queue;
  }

  #seek(wish: ImageWish, queue: PullQueue): void {
    const { container, node, record } = wish;
    const image = parseImage(container.image);
    const named = `"${container.image}"`;
    if (image === undefined) {
      const why = `couldn't parse image name ${named}: invalid reference format`;
      const message = `Failed to apply default image tag ${named}: ${why}`;
      this.#refuse(wish, { reason: 'InvalidImageName', event: 'InspectFailed', message });
      return;
    }
    const cached = cachedImage(this.#plane.store, node.metadata.name, image.name);
    const policy = container['imagePullPolicy'];
    if (cached !== undefined && policy !== 'Always') {
      const message = `Container image ${named} already present on machine`;
      this.#settle(wish, { imageId: idOfCached(cached, image), at: this.#now(), message });
    } else if (policy === 'Never') {
      const message = `Container image ${named} is not present with pull policy of Never`;
      const reason = 'ErrImageNeverPull';
      this.#refuse(wish, { reason, event: reason, message });
    } else {
      record.image = { status: 'pulling' };
      containerEvent(this.#plane, wish, { reason: 'Pulling', message: `Pulling image ${named}` });
      const done = (outcome: PullOutcome) => this.#end(wish, image, outcome);
      queue.add({ image, askedAt: this.#now(), done });
      queue.advance();
    }
  }

  #end(wish: ImageWish, image: ImageReference, outcome: PullOutcome): void {
    const { at, digest, failure, sizeBytes, tookMs, tookWithWaitMs } = outcome;
    if (failure === undefined) {
      const took = `${goDuration(tookMs)} (${goDuration(tookWithWaitMs)} including waiting)`;
      const message = `Successfully pulled image "${wish.container.image}" in ${took}. Image size: ${sizeBytes} bytes.`;
      this.#settle(wish, { imageId: imageIdOf(image, digest), at, message });
      return;
    }
    const { record } = wish;
    const limits = kubeletLimits(this.#plane.timings.secondMs);
    record.pullBackOff = nextBackOff(record.pullBackOff, limits, { failedAt: at, now: at });
    const why = pullError(failure, image, digest);
    this.#warn(wish, {
      event: 'Failed',
      message: `Failed to pull image "${wish.container.image}": ${why}`,
    });
    this.#warn(wish, { event: 'Failed', message: 'Error: ErrImagePull' });
    record.image = { status: 'failed', reason: 'ErrImagePull', message: why, at };
    record.complainedAt = undefined;
  }

  #settle(
    wish: ImageWish,
    found: { readonly imageId: string; readonly at: number; readonly message: string },
  ): void {
    const { imageId, at, message } = found;
    wish.record.image = { status: 'present', imageId, at };
    containerEvent(this.#plane, wish, { reason: 'Pulled', message });
  }

  #refuse(
    wish: ImageWish,
    why: { readonly reason: string; readonly event: string; readonly message: string },
  ): void {
    const { reason, event, message } = why;
    this.#warn(wish, { event, message });
    this.#warn(wish, { event: 'Failed', message: `Error: ${reason}` });
    wish.record.image = { status: 'failed', reason, message, at: this.#now() };
  }

  #warn(wish: ImageWish, { event, message }: { readonly event: string; readonly message: string }) {
    containerEvent(this.#plane, wish, { type: 'Warning', reason: event, message });
  }

  #isToBeTriedAgain({ record }: ImageWish): boolean {
    if (record.image?.status !== 'failed') return false;
    const waited = this.#now() - record.image.at;
    const waitMs =
      record.image.reason === 'ErrImagePull'
        ? (record.pullBackOff?.waitMs ?? 0)
        : syncSeconds * this.#plane.timings.secondMs;
    return waited >= waitMs;
  }

  /** A failed pull is called what it is for a second, then it is backed off from. */
  #troubleOf(wish: ImageWish, failed: FailedPull): ImageAnswer {
    const { reason, message, at } = failed;
    const { secondMs } = this.#plane.timings;
    const { record } = wish;
    const waited = this.#now() - at;
    if (reason !== 'ErrImagePull') {
      return { status: 'failed', reason, message, againMs: syncSeconds * secondMs - waited };
    }
    if (waited < secondMs) return { status: 'failed', reason, message, againMs: secondMs - waited };
    const backOff = `Back-off pulling image "${wish.container.image}"`;
    const leftMs = (record.pullBackOff?.waitMs ?? 0) - waited;
    if (this.#now() - (record.complainedAt ?? 0) >= syncSeconds * secondMs) {
      record.complainedAt = this.#now();
      containerEvent(this.#plane, wish, { reason: 'BackOff', message: backOff });
      this.#warn(wish, { event: 'Failed', message: 'Error: ImagePullBackOff' });
    }
    return {
      status: 'failed',
      reason: 'ImagePullBackOff',
      message: `${backOff}: ErrImagePull: ${message}`,
      againMs: Math.min(leftMs, syncSeconds * secondMs),
    };
  }

  #now(): number {
    return this.#plane.store.clock.now();
  }
}
