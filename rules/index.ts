/** All rules by name. */
import { noDoubleClose } from './no-double-close.ts';
import { noLeakedDuplicate } from './no-leaked-duplicate.ts';
import { noLeakedHandle } from './no-leaked-handle.ts';
import { noMismatchedClose } from './no-mismatched-close.ts';
import { noPassedOriginal } from './no-passed-original.ts';
import { noUseAfterClose } from './no-use-after-close.ts';

export const rules = {
  'no-double-close': noDoubleClose,
  'no-leaked-duplicate': noLeakedDuplicate,
  'no-leaked-handle': noLeakedHandle,
  'no-mismatched-close': noMismatchedClose,
  'no-passed-original': noPassedOriginal,
  'no-use-after-close': noUseAfterClose,
} as const;
