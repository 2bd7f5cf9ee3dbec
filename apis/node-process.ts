/** Node's ways to end the process: what is open then is closed by the system. */
import type { ApiDescription, OperationDescription } from './schema.ts';

const ends: OperationDescription = { effects: [], returns: 'never' };

export const nodeProcess: ApiDescription = {
  modules: ['process', 'node:process'],
  functions: { exit: ends, abort: ends },
  globals: { 'process.exit': ends, 'process.abort': ends },
};
