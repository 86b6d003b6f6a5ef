import { randomUUID } from 'node:crypto';
import type { ContainerStatus } from '../model/container-schemas.ts';
import type { Container } from '../model/schemas.ts';

/** A container that has not been created yet. */
export function creatingContainer(container: Container, reason: string): ContainerStatus {
  return {
    name: container.name,
    state: { waiting: { reason } },
    lastState: {},
    ready: false,
    restartCount: 0,
    image: container.image,
    imageID: '',
    started: false,
  };
}

/** A container that cannot start for now, and why. */
export function waitingContainer(
  before: ContainerStatus,
  waiting: { readonly reason: string; readonly message?: string },
): ContainerStatus {
  const now = before.state?.waiting;
  if (now !== undefined && now.reason === waiting.reason && now.message === waiting.message) {
    return before;
  }
  return { ...before, ...ended(before), state: { waiting }, ready: false, started: false };
}

/** What was the state becomes the last state, where it was the end of a container. */
function ended({ state, lastState }: ContainerStatus): { lastState: ContainerStatus['lastState'] } {
  const terminated = state?.terminated;
  return { lastState: terminated === undefined ? (lastState ?? {}) : { terminated } };
}

/** A container that has just been started: for the first time, or once more. */
export function startedContainer(
  before: ContainerStatus,
  container: Container,
  start: { readonly at: string; readonly imageId: string },
): ContainerStatus {
  const { lastState } = ended(before);
  const { restartCount = 0 } = before;
  return {
    name: container.name,
    state: { running: { startedAt: start.at } },
    lastState,
    ready: false,
    restartCount: lastState?.terminated === undefined ? restartCount : restartCount + 1,
    image: container.image,
    imageID: start.imageId,
    containerID: `containerd://${randomUUID()}`,
    started: true,
    allocatedResources: container.resources?.requests ?? {},
    resources: container.resources ?? {},
  };
}

export interface ContainerEnd {
  readonly exitCode: number;
  readonly reason: 'Completed' | 'Error' | 'OOMKilled';
  readonly at: string;
}

/** SIGKILL: 128 and the signal's number. */
export const killedExitCode = 137;

export function endedContainer(before: ContainerStatus, end: ContainerEnd): ContainerStatus {
  const { exitCode, reason, at } = end;
  const startedAt = before.state?.running?.startedAt ?? at;
  const containerID = before['containerID'];
  const terminated = { exitCode, reason, startedAt, finishedAt: at, containerID };
  return { ...before, state: { terminated }, ready: false, started: false };
}
