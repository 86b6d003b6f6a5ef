import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { realpath } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { text } from 'node:stream/consumers';
import { errorCode, RunbookError } from '../errors.ts';

class DirectoryInUseError extends RunbookError {
  constructor(directory: string, { holder, cause }: { holder: string; cause: unknown }) {
    super(
      'demo_directory_in_use',
      `Another demo runs with the data in ${directory}, as process ${holder}: stop it, or set HANDRAIL_DATA_DIR to another directory (and PORT to another port)`,
      { cause, data: { directory } },
    );
  }
}

/**
 * Takes the directory for this process, for two worlds in the same files would spoil them.
 * An abstract Unix socket stands for it: it goes with the process, however that ends.
 * @throws DirectoryInUseError (`demo_directory_in_use`)
 */
export async function takeDirectory(directory: string): Promise<{ stop(): Promise<void> }> {
  const digest = createHash('sha256')
    .update(await realpath(directory))
    .digest('hex');
  const address = `\0handrail-demo-${digest.slice(0, 32)}`;
  const server = createServer((connection) => connection.end(String(process.pid)));
  try {
    await once(server.listen(address), 'listening');
  } catch (error) {
    if (errorCode(error) !== 'EADDRINUSE') throw error;
    throw new DirectoryInUseError(directory, { holder: await holderOf(address), cause: error });
  }
  return {
    async stop() {
      server.close();
      await once(server, 'close');
    },
  };
}

async function holderOf(address: string): Promise<string> {
  const connection = connect(address);
  connection.setTimeout(1000, () => connection.destroy());
  return text(connection).catch(() => 'unknown');
}
