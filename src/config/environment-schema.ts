import { resolve } from 'node:path';
import { z } from 'zod';

const SlackBotToken = z.string().startsWith('xoxb-', { error: 'a bot token: xoxb-…' });
const SlackAppToken = z.string().startsWith('xapp-', { error: 'an app-level token: xapp-…' });
const HttpUrl = z.url({ protocol: /^https?$/, error: 'an http or https address' });
const PostgresUrl = z.url({ protocol: /^postgres(ql)?$/, error: 'a postgres:// address' });

const Port = z
  .string()
  .regex(/^[0-9]{1,5}$/, { error: 'a port from 0 to 65535' })
  .transform(Number)
  .refine((port) => port <= 65_535, { error: 'a port from 0 to 65535' });

const LogLevel = z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], {
  error: 'one of trace, debug, info, warn, error, fatal, silent',
});

/** Each error says what is expected and never what was there: it may be a secret. */
export const EnvironmentVariables = z
  .object({
    SLACK_BOT_TOKEN: SlackBotToken.optional(),
    SLACK_SIGNING_SECRET: z.string().optional(),
    SLACK_APP_TOKEN: SlackAppToken.optional(),
    SLACK_API_URL: HttpUrl.optional(),
    DATABASE_URL: PostgresUrl.optional(),
    HANDRAIL_DATA_DIR: z.string().default('.handrail'),
    PORT: Port.prefault('3000'),
    HOST: z.string().default('127.0.0.1'),
    KUBECONFIG: z.string().optional(),
    LOG_LEVEL: LogLevel.default('info'),
  })
  .transform((vars) => ({
    slackBotToken: vars.SLACK_BOT_TOKEN,
    slackSigningSecret: vars.SLACK_SIGNING_SECRET,
    slackAppToken: vars.SLACK_APP_TOKEN,
    // The Web API client joins method names to this as they are.
    slackApiUrl: vars.SLACK_API_URL?.replace(/\/?$/, '/'),
    databaseUrl: vars.DATABASE_URL,
    dataDir: resolve(vars.HANDRAIL_DATA_DIR),
    port: vars.PORT,
    host: vars.HOST,
    kubeconfig: vars.KUBECONFIG,
    logLevel: vars.LOG_LEVEL,
  }));
