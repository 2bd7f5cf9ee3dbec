import { list } from './shared/check.ts';
import { analysisOf } from './shared/analysis.ts';
import { docsUrl } from './shared/rule.ts';
import type { HandleRule } from './shared/rule.ts';

export const noInvalidTag: HandleRule<'noParameter' | 'noSuchParameter' | 'unknownTag'> = {
  meta: {
    type: 'problem',
    docs: {
      description: 'disallow tags that speak of no parameter, or are not known',
      recommended: true,
      url: docsUrl('no-invalid-tag'),
      cwe: [],
    },
    schema: [],
    messages: {
      noParameter: "'{{tag}}' names no parameter. Write one of {{parameters}} after it.",
      noSuchParameter: "'{{tag}}' names '{{name}}', which is no parameter here. There are {{parameters}}.",
      unknownTag: "'{{tag}}' is no tag that is known. Write '{{meant}}'.",
    },
    languages: ['js/js'],
  },
  create: (context) => ({
    Program() {
      for (const { loc, tag, problem } of analysisOf(context).tagProblems) {
        if (problem.kind === 'unknown') {
          context.report({ loc, messageId: 'unknownTag', data: { tag, meant: problem.meant } });
          continue;
        }
        const parameters = problem.parameters.length === 0 ? 'none' : list(problem.parameters);
        const messageId = problem.name === null ? 'noParameter' : 'noSuchParameter';
        context.report({ loc, messageId, data: { tag, name: problem.name ?? '', parameters } });
      }
    },
  }),
};
