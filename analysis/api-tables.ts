/** The decoded descriptions of settings: one table for the usual run of a linter. */
import { ApiTable } from './effects/api-table.ts';
import type { AnalysisSettings } from './settings.ts';

const tables = new WeakMap<AnalysisSettings['apis'], ApiTable>();

export function apiTableOf({ apis }: Pick<AnalysisSettings, 'apis'>): ApiTable {
  let table = tables.get(apis);
  if (table === undefined) tables.set(apis, (table = new ApiTable(apis)));
  return table;
}
