import { afterEach, beforeEach } from 'vitest';
import type { Manifest } from '../../../../src/demo/cluster/model/objects.ts';
import { MovableClock } from '../../../../src/demo/cluster/simulated-clock.ts';
import {
  type SimulatedCluster,
  startSimulatedCluster,
} from '../../../../src/demo/cluster/simulated-cluster.ts';
import { realTimings } from '../../../../src/demo/cluster/timings.ts';
import { look, node, podSpec } from '../client.ts';

const SECOND_MS = 1000;

/** A cluster with the timings of a real one, in a time that the test moves; a new one for each test. */
export function useSlowCluster(seed: () => readonly Manifest[] = () => [node('n-1')]) {
  let clock = new MovableClock();
  let cluster: SimulatedCluster;
  const start = async (more: { dataFile?: string } = {}) => {
    cluster = await startSimulatedCluster({
      name: 'slow',
      region: 'test',
      seed: seed(),
      timings: realTimings,
      clock,
      ...more,
    });
  };
  beforeEach(async () => {
    clock = new MovableClock();
    await start();
  });
  afterEach(() => cluster.stop());
  return {
    get cluster() {
      return cluster;
    },
    get world() {
      return cluster.world;
    },
    now: () => clock.now(),
    pass: (seconds: number) => clock.advance(seconds * SECOND_MS),
    /** Ends the process and starts it again on its data file, if it has one. */
    restart: async (dataFile: string) => {
      await cluster.stop();
      await start({ dataFile });
    },
    pod: (name: string) => look(cluster.world.get('Pod', name, 'shop')),
    /** The first container of a pod, as its status has it. */
    container: (name: string) => {
      const { status } = look(cluster.world.get('Pod', name, 'shop'));
      return status.containerStatuses?.[0] ?? { state: {} };
    },
    /** What was said of an object, oldest first: type, reason and message. */
    said: (name: string, namespace = 'shop') =>
      cluster.world
        .list('Event', namespace)
        .map(look)
        .filter((event) => event.involvedObject.name === name)
        .map(({ type, reason, message }) => `${type} ${reason}: ${message}`),
  };
}

/** A pod in the namespace `shop` whose only container has this image. */
export function podWithImage(name: string, image: string, container: object = {}): Manifest {
  const resources = { requests: { cpu: '100m', memory: '64Mi' } };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'shop', labels: { app: name } },
    spec: podSpec({ containers: [{ name: 'main', image, resources, ...container }] }),
  };
}
