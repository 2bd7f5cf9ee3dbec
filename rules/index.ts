/** All rules by name. */
import { noBorrowedClose } from './no-borrowed-close.ts';
import { noDeadFailureCheck } from './no-dead-failure-check.ts';
import { noDoubleClose } from './no-double-close.ts';
import { noHandleComparison } from './no-handle-comparison.ts';
import { noInvalidTag } from './no-invalid-tag.ts';
import { noLeakedDuplicate } from './no-leaked-duplicate.ts';
import { noLeakedHandle } from './no-leaked-handle.ts';
import { noMismatchedClose } from './no-mismatched-close.ts';
import { noPassedOriginal } from './no-passed-original.ts';
import { noUseAfterClose } from './no-use-after-close.ts';

export const rules = {
  'no-borrowed-close': noBorrowedClose,
  'no-dead-failure-check': noDeadFailureCheck,
  'no-double-close': noDoubleClose,
  'no-handle-comparison': noHandleComparison,
  'no-invalid-tag': noInvalidTag,
  'no-leaked-duplicate': noLeakedDuplicate,
  'no-leaked-handle': noLeakedHandle,
  'no-mismatched-close': noMismatchedClose,
  'no-passed-original': noPassedOriginal,
  'no-use-after-close': noUseAfterClose,
} as const;
