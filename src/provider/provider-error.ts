import { RunbookError } from '../errors.ts';

/** Nobody here can replace the machine behind a node. */
export class ProviderNotFoundError extends RunbookError {
  constructor(message: string, data: Record<string, unknown> = {}) {
    super('provider_not_found', message, { data });
  }
}

/** The owner is known, and must not be asked now. */
export class ProviderRefusedError extends RunbookError {
  constructor(object: string, refusals: readonly string[]) {
    super('provider_refused', `${object} is not replaced: ${refusals.join('; ')}`, {
      data: { object, refusals },
    });
  }
}

export class ProviderConfigError extends RunbookError {
  constructor(why: string) {
    super('provider_config', `providers.webhook cannot be used: ${why}`);
  }
}
