import { ApiError } from '../registry/api-error.ts';
import type { ApiRequest } from './request.ts';

const optionsOf: Readonly<Record<string, string>> = {
  POST: 'CreateOptions',
  PUT: 'UpdateOptions',
  PATCH: 'PatchOptions',
  DELETE: 'DeleteOptions',
};

/** @throws ApiError 422 where the query asks for something that there is none of: a dry run but of `All` */
export function checkWriteOptions(request: ApiRequest): void {
  const kind = optionsOf[request.method];
  const wrong = request.query.getAll('dryRun').find((value) => value !== '' && value !== 'All');
  if (kind === undefined || wrong === undefined) return;
  const message = `Unsupported value: "${wrong}": supported values: "All"`;
  throw new ApiError({
    code: 422,
    reason: 'Invalid',
    message: `${kind}.meta.k8s.io "" is invalid: dryRun: ${message}`,
    details: {
      group: 'meta.k8s.io',
      kind,
      causes: [{ reason: 'FieldValueNotSupported', message, field: 'dryRun' }],
    },
  });
}
