/** The way in: lowers a file, its top level and every function in it. */
import type { TSESTree } from '@typescript-eslint/utils';
import type { FunctionId, Program } from '../ir/ir.ts';
import { moduleName } from '../ir/module-name.ts';
import { Bindings } from './bindings.ts';
import { Builder } from './builder.ts';
import { withoutCycles } from './classes.ts';
import { FileLowering } from './file.ts';
import type { ModuleNames } from './scopes.ts';
import { finishFunction, lowerHoisted } from './functions.ts';
import type { ScopeManager } from './scopes.ts';
import { readTags } from './tags.ts';
import { lowerStatements } from './statements.ts';
import { typeOrigins } from './type-names.ts';

export function lowerProgram(
  program: TSESTree.Program,
  scopeManager: ScopeManager,
  nameModule: ModuleNames = (specifier) => specifier,
): Program {
  const named = (specifier: string): string => moduleName(nameModule(specifier));
  const file = new FileLowering(new Bindings(scopeManager, named), readTags(program), named);
  const b = new Builder(file, 0 as FunctionId);
  const body = b.region(program, () => {
    lowerHoisted(b, program);
    lowerStatements(b, program.body);
  });
  finishFunction(b, { node: program, body, context: { kind: 'module', name: '' } });
  return {
    functions: file.functions,
    classes: withoutCycles(file.classes),
    locals: file.bindings.locals,
    tags: file.tags,
    typeOrigins: typeOrigins(scopeManager, named),
  };
}
