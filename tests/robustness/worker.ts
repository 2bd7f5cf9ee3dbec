/** Surveys the files that it is told, one by one. A process of its own, since CPU time is counted by process. */
import { join } from 'node:path';
import { surveyFile } from './survey.ts';
import type { Survey, SurveyOptions } from './survey.ts';

export interface Task {
  readonly folder: string;
  readonly file: string;
  readonly options: SurveyOptions;
}

export type Answer = Survey;

process.env['HANDLES_RETHROW'] = '1';

process.on('message', ({ folder, file, options }: Task) => {
  process.send?.(surveyFile(join(folder, file), file, options) satisfies Answer);
});
process.on('disconnect', () => process.exit());
