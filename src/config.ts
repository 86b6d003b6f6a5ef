import { dirname, resolve } from 'node:path';
import type { z } from 'zod';
import { checkSettings } from './config/check-settings.ts';
import { EnvironmentVariables } from './config/environment-schema.ts';
import type { Settings } from './config/settings.ts';
import { SettingsFile } from './config/settings-schema.ts';
import { RunbookError } from './errors.ts';
import { FileInvalidError, type Problem, YamlFile } from './yaml-file.ts';

export type { Settings };

/** Texts by name, as in `process.env`. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** What the process is told by its environment. Absent where not set or empty. */
export type Environment = z.infer<typeof EnvironmentVariables>;

class EnvironmentError extends RunbookError {
  constructor(problems: readonly { readonly variable: string; readonly expected: string }[]) {
    const lines = problems.map(({ variable, expected }) => `${variable}: expected ${expected}`);
    super('environment_invalid', `The environment is not right.\n${lines.join('\n')}`, {
      data: { problems },
    });
  }
}

/** @throws EnvironmentError (`environment_invalid`): every wrong variable, without its value */
export function readEnvironment(env: Variables = process.env): Environment {
  const result = EnvironmentVariables.safeParse(withoutEmpty(env));
  if (result.success) return result.data;
  throw new EnvironmentError(
    result.error.issues.map(({ path, message }) => ({
      variable: String(path[0]),
      expected: message,
    })),
  );
}

/**
 * Reads `handrail.yml`. Paths in it count from the file; secrets come from the variables that it names.
 * @throws FileInvalidError (`file_invalid`): every problem, with line and column
 */
export function loadSettings(file: string, env: Variables = process.env): Settings {
  const yaml = YamlFile.read(file);
  const { settings, problems } = readSettings(yaml);
  if (settings === undefined) throw new FileInvalidError(problems);
  const webhook = settings.providers.webhook;
  const secret = webhook && withoutEmpty(env)[webhook.secretFrom];
  if (webhook && secret === undefined) {
    const message = `the environment variable ${webhook.secretFrom} is not set: it holds the secret that signs the requests`;
    problems.push(yaml.problem(['providers', 'webhook', 'secretFrom'], message));
  }
  if (problems.length > 0) throw new FileInvalidError(problems);
  const path = (relative: string) => resolve(dirname(file), relative);
  return {
    file: resolve(file),
    runbooksDir: path(settings.runbooks),
    clusters: settings.clusters.map(({ kubeconfig, context, ...cluster }) => ({
      ...cluster,
      ...(kubeconfig === undefined ? {} : { kubeconfig: path(kubeconfig) }),
      ...(context === undefined ? {} : { context }),
    })),
    approvals: settings.approvals.map(({ expiresAfter, ...rule }) => ({
      ...rule,
      expiresAfterMs: expiresAfter,
    })),
    identities: settings.identities,
    providers: webhook && secret ? { webhook: { url: webhook.url, secret } } : {},
  };
}

/** Every problem of a settings file that can be seen without the secrets of the place where it will run. */
export function settingsProblems(yaml: YamlFile): Problem[] {
  return readSettings(yaml).problems;
}

function readSettings(yaml: YamlFile): { settings?: SettingsFile; problems: Problem[] } {
  const checked = yaml.check(SettingsFile);
  if ('problems' in checked) return checked;
  const settings = checked.data;
  const runbooksDir = resolve(dirname(yaml.file), settings.runbooks);
  return { settings, problems: checkSettings(yaml, settings, runbooksDir) };
}

/** An empty variable is what remains of one that was not meant to be set. */
function withoutEmpty(env: Variables): Variables {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
}
