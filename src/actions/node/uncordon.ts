import { errorCode } from '../../errors.ts';
import { isKubernetesError } from '../../kubernetes/kubernetes.ts';
import { Node } from '../../kubernetes/resources/node.ts';
import type { Effect, ExecuteContext, StepOutcome } from '../action.ts';
import { listed } from '../words.ts';
import { CORDON_MARK, cordonedBy, uncordonPatch } from './cordon-mark.ts';
import { claimsOn } from './node-claims.ts';
import { replacementRequest } from './replacement-request.ts';

/** Lifts the cordon of this run, if it is still ours and nobody else wants the node. */
export async function uncordon(context: ExecuteContext, name: string): Promise<StepOutcome> {
  const cordoned = context.approved.find(({ verb }) => verb === 'cordon');
  if (cordoned === undefined) {
    return { summary: `${name} was not cordoned by this run: left as it is`, changed: false };
  }
  const node = await context.cluster.find(Node, { name });
  if (node === undefined || node.metadata.uid !== cordoned.object.uid) {
    return { summary: `${name} is gone: there is no cordon to lift`, changed: false };
  }
  const keep = await whyKeep(context, node);
  if (keep !== undefined) return keep;
  return lift(context, { node, cordoned });
}

/** Undefined where the cordon is to be lifted. */
async function whyKeep(context: ExecuteContext, node: Node): Promise<StepOutcome | undefined> {
  const { name, annotations } = node.metadata;
  if (annotations[CORDON_MARK] !== context.run.id) {
    const by = cordonedBy(node);
    if (by === undefined) return { summary: `${name} is not cordoned any more`, changed: false };
    return left(`${name} stays cordoned: it is now cordoned by ${by}`);
  }
  const claims = await claimsOn(context.cluster, node);
  if (claims.length > 0) return left(`${name} stays cordoned: ${listed(claims)}`);
  if (await isBeingReplaced(context, node)) {
    return left(`${name} stays cordoned: its machine is being replaced`);
  }
  return undefined;
}

async function isBeingReplaced(context: ExecuteContext, node: Node): Promise<boolean> {
  try {
    const { cluster, clusterSettings, providers } = context;
    const machine = await providers.owner(cluster, node, clusterSettings.provider);
    const request = replacementRequest(context.run, { machine, node });
    return await machine.provider.replaced(cluster, request);
  } catch (error) {
    if (errorCode(error) === 'provider_not_found') return false;
    throw error;
  }
}

async function lift(
  context: ExecuteContext,
  { node, cordoned }: { node: Node; cordoned: Effect },
): Promise<StepOutcome> {
  const { name, uid } = node.metadata;
  const effect: Effect = {
    verb: 'uncordon',
    object: cordoned.object,
    before: cordoned.after,
    after: cordoned.before,
    risk: 'reversible',
  };
  try {
    await context.mutate({
      effect,
      async act(cluster) {
        const body = uncordonPatch(node, context.run.id);
        await cluster.patch(Node, { name }, { patch: { type: 'json', body } });
        return {};
      },
      async observe(cluster) {
        const now = await cluster.find(Node, { name });
        const marked = now?.metadata.annotations[CORDON_MARK] === context.run.id;
        return { happened: now?.metadata.uid !== uid || !marked };
      },
    });
  } catch (error) {
    // 422: a `test` of the patch does not hold, so the mark has gone or changed since we looked.
    if (!isKubernetesError(error) || error.status !== 422) throw error;
    return left(`${name} was left as it is: its mark changed at the last moment`);
  }
  return { summary: `uncordoned ${name}`, changed: true };
}

function left(text: string): StepOutcome {
  return { summary: text, changed: false, left: [text] };
}
