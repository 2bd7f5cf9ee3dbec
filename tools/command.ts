/** What the commands have in common: how they end. */

export interface Command<Request> {
  readonly usage: string;
  /** Throws, or gives null, where the arguments are no request. */
  readonly read: (args: readonly string[]) => Request | null;
  /** Gives the exit code. */
  readonly run: (request: Request) => Promise<number>;
}

/** Ends with 2 where the arguments are wrong, and with 1 where something fails, which is told. */
export async function runCommand<Request>({ usage, read, run }: Command<Request>): Promise<void> {
  const request = readOrNull(read);
  if (request === null) {
    process.stderr.write(`Usage: ${usage}\n`);
    process.exitCode = 2;
    return;
  }
  try {
    process.exitCode = await run(request);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}

function readOrNull<Request>(read: (args: readonly string[]) => Request | null): Request | null {
  try {
    return read(process.argv.slice(2));
  } catch {
    return null;
  }
}
