import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { realpath } from 'node:fs/promises';
import { createServer } from 'node:net';
import { errorCode, RunbookError } from '../errors.ts';

class DirectoryInUseError extends RunbookError {
  constructor(directory: string, { cause }: { cause: unknown }) {
    super(
      'demo_directory_in_use',
      `Another demo runs with the data in ${directory}: stop it, or set HANDRAIL_DATA_DIR to another directory (and PORT to another port)`,
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
  const server = createServer((connection) => connection.destroy());
  try {
    await once(server.listen(`\0handrail-demo-${digest.slice(0, 32)}`), 'listening');
  } catch (error) {
    if (errorCode(error) === 'EADDRINUSE')
      throw new DirectoryInUseError(directory, { cause: error });
    throw error;
  }
  return {
    async stop() {
      server.close();
      await once(server, 'close');
    },
  };
}
