/** One way that a described call goes. */
import type { State } from './state.ts';
import { FALSE } from './value.ts';
import type { Value } from './value.ts';

export interface Way {
  readonly state: State;
  /** What an effect put at `result`. */
  readonly result: Value | null;
  /** Whether the call did its work; null where that is open. */
  readonly success: Value | null;
  /** The call has made a handle: that it did is all that it reports. */
  readonly isMade: boolean;
  /** The call met a dead handle and failed: what comes later did not happen. */
  readonly isDead: boolean;
}

export const dead = (way: Way): Way => ({ ...way, success: FALSE, isDead: true });
