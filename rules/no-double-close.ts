import { describeClosed, describeHandle, describeInside, describePath } from './shared/message.ts';
import { docsUrl, reportFindings } from './shared/rule.ts';
import type { HandleRule } from './shared/rule.ts';

export const noDoubleClose: HandleRule<'doubleClose'> = {
  meta: {
    type: 'problem',
    docs: {
      description: 'disallow closing a handle that is closed already',
      recommended: true,
      url: docsUrl('no-double-close'),
      cwe: [415],
    },
    schema: [],
    messages: {
      doubleClose:
        '{{handle}} was closed{{closed}} and is closed a second time{{inside}}{{path}}. Close it once.',
    },
    languages: ['js/js'],
  },
  create: (context) =>
    reportFindings(context, 'doubleClose', (finding, sourceCode) => ({
      messageId: 'doubleClose',
      data: {
        handle: describeHandle(finding),
        closed: describeClosed(finding),
        inside: describeInside(finding, sourceCode),
        path: describePath(finding, sourceCode),
      },
    })),
};
