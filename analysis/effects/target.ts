/** What a call is known to call before anything is solved. */
import type { ClassIr, FunctionIr } from '../ir/ir.ts';
import type { Operation } from './decode.ts';

export type Target =
  | { readonly kind: 'operation'; readonly operation: Operation }
  | { readonly kind: 'body'; readonly fn: FunctionIr }
  | { readonly kind: 'class'; readonly class: ClassIr }
  /** A method or function value of the file, or a function of the language, perhaps: only solving can tell. */
  | { readonly kind: 'dynamic' }
  | { readonly kind: 'super' }
  | { readonly kind: 'unseen' };
