import { describeHandle, describeInside, describePath } from './shared/message.ts';
import { docsUrl, reportFindings } from './shared/rule.ts';
import type { HandleRule } from './shared/rule.ts';

export const noBorrowedClose: HandleRule<'borrowedClose'> = {
  meta: {
    type: 'problem',
    docs: {
      description: 'disallow closing a handle that is only borrowed',
      recommended: true,
      url: docsUrl('no-borrowed-close'),
      cwe: [826],
    },
    schema: [],
    messages: {
      borrowedClose:
        '{{handle}} is only borrowed and is closed{{inside}}{{path}}. Leave closing it to its owner.',
    },
    languages: ['js/js'],
  },
  create: (context) =>
    reportFindings(context, 'borrowedClose', (finding, sourceCode) => ({
      messageId: 'borrowedClose',
      data: {
        handle: describeHandle(finding),
        inside: describeInside(finding, sourceCode),
        path: describePath(finding, sourceCode),
      },
    })),
};
