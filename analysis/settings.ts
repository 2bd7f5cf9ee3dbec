/** The engine's settings, decoded. */
import type { ApiDescription } from '../apis/schema.ts';

/** Which exceptions count: those that somebody here handles, all, or none but explicit throws. */
export type ExceptionMode = 'handled' | 'all' | 'none';

/** What a call out of sight does with a handle that it is given. */
export type UnknownCallMode = 'escape' | 'borrow';

export interface AnalysisSettings {
  readonly exceptions: ExceptionMode;
  readonly unknownCalls: UnknownCallMode;
  readonly apis: Readonly<Record<string, ApiDescription>>;
}
