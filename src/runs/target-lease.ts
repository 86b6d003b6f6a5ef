import type { Effect, Mutation } from '../actions/action.ts';
import { RunbookError } from '../errors.ts';
import { type Cluster, isKubernetesError, type ObjectName } from '../kubernetes/kubernetes.ts';
import { Lease } from '../kubernetes/resources/lease.ts';
import { say } from '../language/text.ts';
import type { Run } from './run.ts';

/** Shows other actors that a run is at work on a target; the lock that counts for Handrail is its own row. */
export interface LeaseScene {
  readonly run: Pick<Run, 'id' | 'cluster' | 'target'>;
  readonly namespace: string;
  /** For how long it is believed when the process that took it is gone, in milliseconds. */
  readonly durationMs: number;
  readonly now: number;
}

class TargetLeasedError extends RunbookError {
  constructor({ run, namespace }: LeaseScene, lease: Lease) {
    const { name } = lease.metadata;
    const holder = lease.spec.holderIdentity ?? say('somebody');
    const { target, cluster } = run;
    super(
      'target_leased',
      say(
        '{target} in {cluster} is held by {holder} through Lease {lease}. Wait until it is released or runs out, then ask again.',
        { target, cluster, holder, lease: `${namespace}/${name}` },
      ),
      { data: { target, holder: lease.spec.holderIdentity } },
    );
  }
}

/**
 * Takes the Lease, or takes it over where its time is over.
 * @throws TargetLeasedError (`target_leased`) while another holds it
 * @see https://kubernetes.io/docs/concepts/architecture/leases/
 */
export function takeLease(scene: LeaseScene): Mutation {
  return {
    effect: leaseEffect(scene, 'lease'),
    act: (cluster) => create(cluster, scene),
    observe: async (cluster) => ({ happened: isOurs(await find(cluster, scene), scene) }),
  };
}

/** Deletes the Lease if it is still this run's. */
export function releaseLease(scene: LeaseScene): Mutation {
  return {
    effect: leaseEffect(scene, 'release'),
    act: async (cluster) => {
      const lease = await find(cluster, scene);
      if (lease && isOurs(lease, scene)) {
        await cluster.delete(Lease, { ...nameOf(scene), uid: lease.metadata.uid });
      }
      return {};
    },
    observe: async (cluster) => ({ happened: !isOurs(await find(cluster, scene), scene) }),
  };
}

async function create(cluster: Cluster, scene: LeaseScene) {
  try {
    await cluster.create(Lease, {
      apiVersion: Lease.apiVersion,
      kind: Lease.kind,
      metadata: {
        ...nameOf(scene),
        labels: { 'app.kubernetes.io/managed-by': 'handrail' },
        annotations: { 'handrail.dev/target': scene.run.target },
      },
      spec: claim(scene),
    });
  } catch (error) {
    if (!isKubernetesError(error) || error.status !== 409) throw error;
    await takeOver(cluster, scene);
  }
  return {};
}

/** The test on the resource version makes sure that of two who take over only one does. */
async function takeOver(cluster: Cluster, scene: LeaseScene): Promise<void> {
  const lease = await cluster.get(Lease, nameOf(scene));
  if (isOurs(lease, scene)) return;
  if (isHeld(lease, scene.now)) throw new TargetLeasedError(scene, lease);
  await cluster.patch(Lease, nameOf(scene), {
    patch: {
      type: 'json',
      body: [
        { op: 'test', path: '/metadata/resourceVersion', value: lease.metadata.resourceVersion },
        { op: 'add', path: '/spec', value: claim(scene) },
      ],
    },
  });
}

function isHeld({ spec }: Lease, now: number): boolean {
  if (!spec.holderIdentity) return false;
  const since = Date.parse(spec.renewTime ?? spec.acquireTime ?? '');
  if (Number.isNaN(since)) return true;
  return now < since + (spec.leaseDurationSeconds ?? 0) * 1000;
}

function claim({ run, durationMs, now }: LeaseScene) {
  // MicroTime wants six digits after the point
  const at = new Date(now).toISOString().replace('Z', '000Z');
  return {
    holderIdentity: holder(run),
    leaseDurationSeconds: Math.ceil(durationMs / 1000),
    acquireTime: at,
    renewTime: at,
  };
}

function holder(run: LeaseScene['run']): string {
  return `handrail/${run.id}`;
}

function isOurs(lease: Lease | undefined, { run }: LeaseScene): boolean {
  return lease?.spec.holderIdentity === holder(run);
}

async function find(cluster: Cluster, scene: LeaseScene): Promise<Lease | undefined> {
  return cluster.find(Lease, nameOf(scene));
}

function nameOf({ run, namespace }: LeaseScene): ObjectName & { namespace: string } {
  const name = `handrail-${run.target}`.toLowerCase().replaceAll(/[^a-z0-9.-]+/g, '-');
  return { namespace, name: name.slice(0, 253).replace(/[.-]+$/, '') };
}

function leaseEffect(scene: LeaseScene, verb: 'lease' | 'release'): Effect {
  return {
    verb,
    object: { kind: 'Lease', ...nameOf(scene), uid: '' },
    before: {},
    after: { holder: verb === 'lease' ? holder(scene.run) : '' },
    risk: 'reversible',
  };
}
