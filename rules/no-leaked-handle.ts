import { describeHandle, describePath } from './shared/message.ts';
import { docsUrl, reportFindings } from './shared/rule.ts';
import type { HandleRule } from './shared/rule.ts';

export const noLeakedHandle: HandleRule<'leakedHandle'> = {
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
    },
    languages: ['js/js'],
  },
  create: (context) =>
    reportFindings(context, 'leakedHandle', (finding, sourceCode) => ({
      messageId: 'leakedHandle',
      data: { handle: describeHandle(finding), path: describePath(finding, sourceCode) },
    })),
};
