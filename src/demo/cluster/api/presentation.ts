import type { Kind } from '../model/kinds.ts';
import { isRecord, type KubeObject } from '../model/objects.ts';
import { metadataOf, tableOf } from '../printing/table.ts';
import type { ApiRequest } from './request.ts';

type Presentation = 'whole' | 'table' | 'metadata';

/** How the first form in the Accept header that is served here wants objects: whole, as a table, or their metadata alone. */
function presentationOf({ accept }: ApiRequest): Presentation {
  for (const wish of accept.split(',')) {
    const parts = wish.split(';').map((each) => each.trim());
    if (parts.includes('as=Table') && parts.includes('v=v1')) return 'table';
    if (parts.some((each) => /^as=PartialObjectMetadata(List)?$/.test(each))) return 'metadata';
    if (['application/json', '*/*', 'application/*'].includes(parts[0] ?? '')) return 'whole';
  }
  return 'whole';
}

interface Presented {
  readonly kind: Kind;
  readonly request: ApiRequest;
  readonly nowMs: number;
}

/** The answer in the form that was asked for; what is neither an object nor a list of its kind stays as it is. */
export function present(body: unknown, { kind, request, nowMs }: Presented): unknown {
  const form = presentationOf(request);
  if (form === 'whole' || !isRecord(body)) return body;
  const isList = body['kind'] === `${kind.kind}List`;
  if (!isList && body['kind'] !== kind.kind) return body;
  const objects = (isList ? body['items'] : [body]) as KubeObject[];
  const { metadata } = body;
  if (form === 'metadata')
    return isList ? metadataList(metadata, objects) : metadataOf(body as KubeObject);
  const { resourceVersion } = metadata as { resourceVersion?: string };
  return tableOf(objects, {
    kind,
    nowMs,
    includeObject: request.query.get('includeObject') ?? 'Metadata',
    metadata: isList ? metadata : { resourceVersion },
    withDefinitions: true,
  });
}

function metadataList(metadata: unknown, objects: readonly KubeObject[]): object {
  const kind = 'PartialObjectMetadataList';
  return { kind, apiVersion: 'meta.k8s.io/v1', metadata, items: objects.map(metadataOf) };
}

/** How the events of one watch present their objects; a table names its columns once. */
export function watchPresenter({ kind, request }: Omit<Presented, 'nowMs'>) {
  const form = presentationOf(request);
  let withDefinitions = true;
  return (object: KubeObject, nowMs: number): unknown => {
    if (form === 'whole') return object;
    if (form === 'metadata') return metadataOf(object);
    const { resourceVersion } = object.metadata;
    const includeObject = request.query.get('includeObject') ?? 'Metadata';
    const metadata = { resourceVersion };
    const table = tableOf([object], { kind, nowMs, includeObject, metadata, withDefinitions });
    withDefinitions = false;
    return table;
  };
}
