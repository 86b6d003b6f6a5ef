import { type DestinationStream, type Logger, pino } from 'pino';

/** Slack's tokens, credentials of HTTP, JWTs, response URLs and passwords in URLs: wherever they stand, also inside messages. */
const SECRETS = [
  /xox[a-z]-[\w-]+/g,
  /xapp-[\w-]+/g,
  /(?:Bearer|Basic) [\w.~+/=-]+/g,
  /eyJ[\w-]{8,}\.[\w.-]+/g,
  /https:\/\/hooks\.slack\.com\/[^\s"\\]+/g,
  /(?<=:\/\/[^\s:/@"]*:)[^\s@/"]+(?=@)/g,
];

export function withoutSecrets(text: string): string {
  return SECRETS.reduce((scrubbed, secret) => scrubbed.replace(secret, '[redacted]'), text);
}

/** JSON lines. Secrets are taken out of the finished line, so that no field, depth or error message can carry one. */
export function createLogger(
  level: string,
  destination: DestinationStream = process.stderr,
): Logger {
  return pino({ level, base: null }, { write: (line) => destination.write(withoutSecrets(line)) });
}
