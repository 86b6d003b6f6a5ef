import { errorCode, errorMessage, RunbookError } from '../errors.ts';

/** The Postgres of DATABASE_URL cannot be used as it is: said at the start, before anything is done. */
export class DatabaseSetupError extends RunbookError {
  constructor(message: string, options: { readonly cause?: unknown } = {}) {
    super('database_setup_invalid', message, options);
  }
}

/** Does what the start needs of the database. @throws DatabaseSetupError (`database_setup_invalid`) */
export async function explained<T>(url: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof RunbookError) throw cause;
    const place = placeOf(url);
    const { what, wayOut } = explanation(cause);
    const said = errorMessage(cause) || errorCode(cause);
    throw new DatabaseSetupError(`${what(place)} (${said}); ${wayOut(place)}.`, { cause });
  }
}

/** Where a database is and who comes to it, without the password. */
interface Place {
  readonly server: string;
  readonly name: string;
  readonly user: string;
}

function placeOf(url: string): Place {
  const { hostname, port, pathname, username, searchParams } = new URL(url);
  const server = searchParams.get('host') ?? `${hostname || 'localhost'}:${port || 5432}`;
  const user = decodeURIComponent(username) || 'the user of this process';
  return { server, name: decodeURIComponent(pathname.slice(1)) || user, user };
}

interface Explanation {
  readonly what: (place: Place) => string;
  readonly wayOut: (place: Place) => string;
}

const AWAY: Explanation = {
  what: ({ server }) => `Postgres at ${server} cannot be reached`,
  wayOut: () =>
    'see that it runs and that DATABASE_URL names its address, then start again; without DATABASE_URL Handrail brings a Postgres along',
};

const REFUSED_USER: Explanation = {
  what: ({ server, user }) => `Postgres at ${server} refuses ${user}`,
  wayOut: () => 'check the user and the password in DATABASE_URL, and pg_hba.conf of the server',
};

/** By Node's and OpenSSL's codes, and Postgres' SQLSTATEs. */
const EXPLANATIONS: readonly (readonly [RegExp, Explanation])[] = [
  [/^28/, REFUSED_USER],
  [
    /^3D000$/,
    {
      what: ({ server, name }) => `There is no database ${name} in Postgres at ${server}`,
      wayOut: ({ name, user }) =>
        `create it (create database "${name}" owner "${user}"), or correct DATABASE_URL`,
    },
  ],
  [
    /^42501$/,
    {
      what: ({ server, user }) => `${user} lacks a right in Postgres at ${server}`,
      wayOut: ({ name, user }) =>
        `make it the owner of its database (alter database "${name}" owner to "${user}"), for Handrail makes its tables itself`,
    },
  ],
  [
    /^25006$/,
    {
      what: ({ server, name }) => `The database ${name} at ${server} takes no writes`,
      wayOut: () =>
        'set DATABASE_URL to the primary instead of a replica, or switch default_transaction_read_only off',
    },
  ],
  [
    /^53300$/,
    {
      what: ({ server }) => `Postgres at ${server} has no connection left`,
      wayOut: () => 'raise max_connections, or end others; one Handrail takes about 25',
    },
  ],
  [
    /^(53100|ENOSPC)$/,
    {
      what: ({ server }) => `The disk of Postgres at ${server} is full`,
      wayOut: () => 'free some space, then start again',
    },
  ],
  [
    /^57P0/,
    {
      what: ({ server }) => `Postgres at ${server} is starting up or shutting down`,
      wayOut: () => 'start again in a moment',
    },
  ],
  [
    /CERT|^UNABLE_TO_|^ERR_TLS_|^ERR_SSL_/,
    {
      what: ({ server }) => `The certificate of Postgres at ${server} is not trusted`,
      wayOut: () =>
        "name its authority in DATABASE_URL (sslrootcert=FILE), or correct the server's certificate",
    },
  ],
  [/^E[A-Z_]+$/, AWAY],
];

/** From node-postgres and from OpenSSL, which have no codes for these. */
const BY_MESSAGE: readonly (readonly [RegExp, Explanation])[] = [
  [
    /does not support SSL/,
    {
      what: ({ server }) => `Postgres at ${server} takes no encrypted connections`,
      wayOut: () => 'switch ssl on there, or take sslmode out of DATABASE_URL',
    },
  ],
  [/timeout|terminated|timed out/i, AWAY],
  [/password/i, REFUSED_USER],
];

const UNKNOWN: Explanation = {
  what: ({ server, name }) => `The database ${name} at ${server} cannot be used`,
  wayOut: () => 'see the log of Postgres',
};

function explanation(cause: unknown): Explanation {
  const code = errorCode(cause);
  const [, found = UNKNOWN] =
    code === undefined
      ? (BY_MESSAGE.find(([pattern]) => pattern.test(errorMessage(cause))) ?? [])
      : (EXPLANATIONS.find(([pattern]) => pattern.test(code)) ?? []);
  return found;
}
