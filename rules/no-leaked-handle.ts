import { describeLost, describePath, isOverwritten } from './shared/message.ts';
import { docsUrl, reportFindings } from './shared/rule.ts';
import type { HandleRule } from './shared/rule.ts';

export const noLeakedHandle: HandleRule<'leakedHandle' | 'overwrittenHandle'> = {
  meta: {
    type: 'problem',
    docs: {
      description: 'disallow handles that some path neither closes nor hands over',
      recommended: true,
      url: docsUrl('no-leaked-handle'),
      cwe: [404, 772, 775],
    },
    schema: [],
    messages: {
      leakedHandle: '{{handle}} is never closed{{path}}. Close it on every path, or hand it over.',
      overwrittenHandle:
        '{{handle}} is still open when another handle takes its place here{{path}}. Close it before.',
    },
    languages: ['js/js'],
  },
  create: (context) =>
    reportFindings(context, 'leakedHandle', (finding, sourceCode) => ({
      messageId: isOverwritten(finding) ? 'overwrittenHandle' : 'leakedHandle',
      data: { handle: describeLost(finding, sourceCode), path: describePath(finding, sourceCode) },
    })),
};
